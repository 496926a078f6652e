import type { CustomTransportStrategy, Server } from '@nestjs/microservices';

/** Registers handlers as Nest does, and keeps what they get. */
export async function consume(
  server: Pick<Server, 'addHandler'> & CustomTransportStrategy,
  topics: readonly string[],
): Promise<(topic: string, count: number) => Promise<readonly string[]>> {
  const got = new Map<string, string[]>(topics.map((topic) => [topic, []]));
  for (const topic of topics) server.addHandler(topic, async (texts: readonly string[]) => void got.get(topic)?.push(...texts), true);
  await new Promise<void>((resolve, reject) => {
    // Nest gives the reason to the callback of `listen` when there is one.
    void server.listen((error?: unknown) =>
      error === undefined ? resolve() : reject(error instanceof Error ? error : new Error('no start')),
    );
  });
  return async (topic, count) => {
    const deadline = Date.now() + 90_000;
    while ((got.get(topic)?.length ?? 0) < count && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
    return got.get(topic) ?? [];
  };
}
