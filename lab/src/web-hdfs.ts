/** The few WebHDFS calls the lab needs, as any user (simple authentication). */
import { request } from 'node:http';

interface Answer {
  readonly status: number;
  readonly location: string | undefined;
  readonly body: string;
}

export class WebHdfs {
  readonly #base: string;
  readonly #user: string;

  constructor(webHdfsUri: string, user: string) {
    this.#base = `${webHdfsUri}/webhdfs/v1`;
    this.#user = user;
  }

  async makeDirectory(path: string, permission = '755'): Promise<void> {
    await this.#call('PUT', path, { op: 'MKDIRS', permission });
    if (permission !== '755') await this.#call('PUT', path, { op: 'SETPERMISSION', permission });
  }

  async setOwner(path: string, owner: string): Promise<void> {
    await this.#call('PUT', path, { op: 'SETOWNER', owner, group: owner });
  }

  async write(path: string, content: string): Promise<void> {
    await this.#call('PUT', path, { op: 'CREATE', overwrite: 'true' }, content);
  }

  async read(path: string): Promise<string | undefined> {
    const answer = await this.#request('GET', path, { op: 'OPEN' });
    if (answer.status === 404) return undefined;
    return expectOk(answer, `read ${path}`);
  }

  async remove(path: string): Promise<void> {
    await this.#call('DELETE', path, { op: 'DELETE', recursive: 'true' });
  }

  async list(path: string): Promise<readonly string[]> {
    const answer = await this.#request('GET', path, { op: 'LISTSTATUS' });
    if (answer.status === 404) return [];
    const body = JSON.parse(expectOk(answer, `list ${path}`)) as { FileStatuses: { FileStatus: { pathSuffix: string }[] } };
    return body.FileStatuses.FileStatus.map((status) => status.pathSuffix);
  }

  // eslint-disable-next-line max-params -- method, path, query and body are what a request is
  async #call(method: string, path: string, query: Readonly<Record<string, string>>, content?: string): Promise<void> {
    expectOk(await this.#request(method, path, query, content), `${query['op'] ?? method} ${path}`);
  }

  // eslint-disable-next-line max-params -- method, path, query and body are what a request is
  async #request(method: string, path: string, query: Readonly<Record<string, string>>, content?: string): Promise<Answer> {
    const encoded = path.split('/').map(encodeURIComponent).join('/');
    const parameters = new URLSearchParams({ 'user.name': this.#user, ...query }).toString();
    const first = await send(method, `${this.#base}${encoded}?${parameters}`);
    return first.location === undefined || first.status !== 307 ? first : await send(method, first.location, content);
  }
}

/** Not by `fetch`: a DataNode answers CREATE with an unasked `100 Continue`, on which fetch fails ("bad response"). */
async function send(method: string, url: string, content?: string): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    const outgoing = request(url, { method, timeout: 60_000 }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.once('error', reject);
      incoming.once('end', () =>
        resolve({ status: incoming.statusCode ?? 0, location: incoming.headers.location, body: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    outgoing.once('timeout', () => outgoing.destroy(new Error(`no answer to ${method} ${url}`)));
    outgoing.once('error', reject);
    outgoing.end(content);
  });
}

function expectOk({ status, body }: Answer, what: string): string {
  if (status >= 300 || status < 200) throw new Error(`WebHDFS ${what}: ${status} ${body.slice(0, 300)}`);
  return body;
}
