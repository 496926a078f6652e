/** Events of a run as a client sees them: read from the stream until something is seen or the service is gone. */
import { z } from 'zod';

const RunEvent = z.looseObject({
  /** Absent at the last one, `end`, which has no data either. */
  sequence: z.string().exactOptional(),
  type: z.string(),
  data: z
    .looseObject({ table: z.string().exactOptional(), kind: z.string().exactOptional(), state: z.string().exactOptional() })
    .default({}),
});
export type RunEvent = z.infer<typeof RunEvent>;

/** @returns all events until one is as wanted; @throws when the stream ends before */
export async function eventsUntil(url: string, runId: string, isWanted: (event: RunEvent) => boolean): Promise<readonly RunEvent[]> {
  const signal = AbortSignal.timeout(120_000);
  const answer = await fetch(`${url}/v1/runs/${runId}/events`, { signal });
  if (!answer.ok || answer.body === null) throw new Error(`events of ${runId}: ${answer.status} ${await answer.text()}`);
  const seen: RunEvent[] = [];
  let text = '';
  for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
    const frames = (text + part).split('\n\n');
    text = frames.pop() ?? '';
    for (const event of frames.flatMap(eventOf)) {
      seen.push(event);
      if (isWanted(event)) return seen;
    }
  }
  throw new Error(`the stream ended before it; last: ${JSON.stringify(seen.slice(-5))}`);
}

function eventOf(frame: string): readonly RunEvent[] {
  const data = frame.split('\n').find((line) => line.startsWith('data: '));
  const event = RunEvent.safeParse(data === undefined ? undefined : JSON.parse(data.slice('data: '.length)));
  return event.success ? [event.data] : [];
}
