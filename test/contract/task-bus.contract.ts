import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BusMessage, TaskBus } from '@hiveferry/ports';

export interface BusUnderTest {
  readonly bus: TaskBus;
  /** Resolves with the values that its consumer got of this topic, in order, when there are so many. */
  received(topic: string, count: number): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** @param open with a consumer of `hiveferry.runs` and `hiveferry.tasks.edge.distcp` that is there before the first message */
export function taskBusContract(name: string, open: () => Promise<BusUnderTest>): void {
  describe(`task bus: ${name}`, () => {
    let under: BusUnderTest;
    beforeAll(async () => {
      under = await open();
    });
    afterAll(() => under.close());

    const message = (value: string, key = 'k', topic = 'hiveferry.runs'): BusMessage => ({ topic, key, value, headers: { trace: 't1' } });

    it('delivers what was published as the same text, in the order of each key', async () => {
      const values = ['{"n":1}', 'not JSON {', '\u0000\u0001', '[3]', '{"n":4}'];
      await under.bus.publish(values.slice(0, 3).map((value) => message(value)));
      await under.bus.publish(values.slice(3).map((value) => message(value)));
      expect(await under.received('hiveferry.runs', values.length)).toEqual(values);
    });

    it('delivers to the topic of each message only', async () => {
      await under.bus.publish([message('a', 'x', 'hiveferry.tasks.edge.distcp'), message('b', 'x')]);
      expect(await under.received('hiveferry.tasks.edge.distcp', 1)).toEqual(['a']);
    });

    it('takes messages for a topic that nobody reads, and no messages at all', async () => {
      await expect(under.bus.publish([message('c', 'k', 'hiveferry.tasks.nobody.distcp')])).resolves.toBeUndefined();
      await expect(under.bus.publish([])).resolves.toBeUndefined();
    });
  });
}
