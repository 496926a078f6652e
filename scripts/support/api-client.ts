/** A small client of the HTTP API for the demo and the end-to-end suites; it checks the parts of the answers that it uses. */
import { z } from 'zod';

const Operation = z.looseObject({
  id: z.string(),
  runId: z.string(),
  migrationId: z.string(),
  done: z.boolean(),
  error: z.looseObject({ code: z.string(), message: z.string() }).nullish(),
});
const Run = z.looseObject({
  id: z.string(),
  state: z.string(),
  targets: z.array(
    z.looseObject({
      target: z.string(),
      planHash: z.string().nullish(),
      tables: z.looseObject({ total: z.number(), byState: z.record(z.string(), z.number()) }),
    }),
  ),
  failure: z.looseObject({ code: z.string(), message: z.string() }).nullish(),
});
const Name = z.looseObject({ database: z.string(), table: z.string() });
const Finding = z.looseObject({ code: z.string(), subject: z.string(), expected: z.string(), found: z.string() });
const Evidence = z.looseObject({
  verdict: z.string(),
  level: z.string().nullish(),
  findings: z.array(Finding),
  notCompared: z.array(z.string()),
  counts: z.looseObject({
    partitions: z.number(),
    files: z.number(),
    bytes: z.number(),
    checksummedFiles: z.number(),
    rows: z.string().nullish(),
  }),
});
const Table = z.looseObject({
  source: Name,
  object: z.string(),
  state: z.string(),
  tableHash: z.string(),
  issues: z.array(z.looseObject({ code: z.string(), severity: z.string(), text: z.string().nullish(), advice: z.string().nullish() })),
  failure: z.looseObject({ code: z.string(), message: z.string() }).nullish(),
  evidence: Evidence.nullish(),
  startedAt: z.string().nullish(),
  endedAt: z.string().nullish(),
});
const TablePage = z.looseObject({ items: z.array(Table), nextPageToken: z.string().nullish() });
const Check = z.looseObject({
  ok: z.boolean(),
  parts: z.array(z.looseObject({ name: z.string(), ok: z.boolean(), message: z.string() })),
});
const Artefacts = z.looseObject({ items: z.array(z.looseObject({ path: z.string() })) });

export type Operation = z.infer<typeof Operation>;
export type Run = z.infer<typeof Run>;
export type TableView = z.infer<typeof Table>;
export type Check = z.infer<typeof Check>;

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

/** An answer that is no success: its problem document, said in words. */
class ApiError extends Error {
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, body: unknown, what: string) {
    super(`${what}: ${status} ${JSON.stringify(body)}`);
    this.status = status;
    this.body = body;
  }
}

export class ApiClient {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** One request, its answer as it is. */
  async send(method: string, path: string, body?: unknown): Promise<Answer> {
    const request: RequestInit = { method, signal: AbortSignal.timeout(60_000) };
    if (body !== undefined) Object.assign(request, { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
    const response = await fetch(this.url + path, request);
    const text = await response.text();
    const isJson = (response.headers.get('content-type') ?? '').includes('json');
    return { status: response.status, body: isJson && text !== '' ? JSON.parse(text) : text, headers: response.headers };
  }

  /** @throws ApiError unless the answer is a success */
  async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await this.send(method, path, body);
    if (answer.status >= 300) throw new ApiError(answer.status, answer.body, `${method} ${path}`);
    return answer.body;
  }

  async registerCluster(spec: unknown): Promise<void> {
    await this.call('POST', '/v1/clusters', spec);
  }

  async checkCluster(name: string): Promise<Check> {
    return Check.parse(await this.call('POST', `/v1/clusters/${name}:check`));
  }

  async createMigration(request: unknown): Promise<Operation> {
    return Operation.parse(await this.call('POST', '/v1/migrations', request));
  }

  /** Waits for the operation; how it ended is for the caller to judge. */
  async waitFor(operation: Operation, timeoutMs = 900_000): Promise<Operation> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const now = Operation.parse(await this.call('GET', `/v1/operations/${operation.id}`));
      if (now.done) return now;
      if (Date.now() > deadline) throw new Error(`Operation ${operation.id} is not done after ${timeoutMs / 1000} s`);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  async run(id: string): Promise<Run> {
    return Run.parse(await this.call('GET', `/v1/runs/${id}`));
  }

  /** Executes exactly what was planned for the only target. */
  async execute(run: Run): Promise<Operation> {
    return Operation.parse(await this.call('POST', `/v1/runs/${run.id}:execute`, { planHash: run.targets[0]?.planHash }));
  }

  async command(runId: string, verb: 'verify' | 'resume' | 'cancel'): Promise<Operation> {
    return Operation.parse(await this.call('POST', `/v1/runs/${runId}:${verb}`));
  }

  /** All tables of a run, page by page. */
  async tables(runId: string, pageSize = 100): Promise<readonly TableView[]> {
    const all: TableView[] = [];
    let token: string | undefined;
    do {
      const query = new URLSearchParams({ pageSize: String(pageSize), ...(token === undefined ? {} : { pageToken: token }) });
      const page = TablePage.parse(await this.call('GET', `/v1/runs/${runId}/tables?${query.toString()}`));
      all.push(...page.items);
      token = page.nextPageToken ?? undefined;
    } while (token !== undefined);
    return all;
  }

  /** The HTML report, as it stands now. */
  async report(runId: string): Promise<string> {
    const answer = await fetch(`${this.url}/v1/runs/${runId}/report.html`);
    if (!answer.ok) throw new Error(`GET report.html answered ${answer.status}: ${await answer.text()}`);
    return await answer.text();
  }

  async artefacts(runId: string): Promise<readonly string[]> {
    return Artefacts.parse(await this.call('GET', `/v1/runs/${runId}/artefacts`)).items.map((item) => item.path);
  }
}
