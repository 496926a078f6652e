/** The few WebHDFS calls the lab needs, as any user (simple authentication). */

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
    return await expectOk(answer, `read ${path}`);
  }

  async remove(path: string): Promise<void> {
    await this.#call('DELETE', path, { op: 'DELETE', recursive: 'true' });
  }

  async list(path: string): Promise<readonly string[]> {
    const answer = await this.#request('GET', path, { op: 'LISTSTATUS' });
    if (answer.status === 404) return [];
    const body = JSON.parse(await expectOk(answer, `list ${path}`)) as { FileStatuses: { FileStatus: { pathSuffix: string }[] } };
    return body.FileStatuses.FileStatus.map((status) => status.pathSuffix);
  }

  async #call(method: string, path: string, query: Readonly<Record<string, string>>, content?: string): Promise<void> {
    await expectOk(await this.#request(method, path, query, content), `${query['op'] ?? method} ${path}`);
  }

  // eslint-disable-next-line max-params -- method, path, query and body are what a request is
  async #request(method: string, path: string, query: Readonly<Record<string, string>>, content?: string): Promise<Response> {
    const encoded = path.split('/').map(encodeURIComponent).join('/');
    const parameters = new URLSearchParams({ 'user.name': this.#user, ...query }).toString();
    const url = `${this.#base}${encoded}?${parameters}`;
    const first = await fetch(url, { method, redirect: 'manual', signal: AbortSignal.timeout(30_000) });
    const next = first.headers.get('location');
    if (next === null) return first;
    await first.arrayBuffer();
    return await fetch(next, { method, signal: AbortSignal.timeout(60_000), ...(content === undefined ? {} : { body: content }) });
  }
}

async function expectOk(answer: Response, what: string): Promise<string> {
  const body = await answer.text();
  if (!answer.ok) throw new Error(`WebHDFS ${what}: ${answer.status} ${body.slice(0, 300)}`);
  return body;
}
