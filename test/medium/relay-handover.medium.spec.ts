/** Two planners carry messages, and one of them does not reach the bus: what it holds is given back, and the other one goes on. */
import type { TaskBus } from '@hiveferry/ports';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { OutboxRelayService } from '../../apps/planner/src/outbox-relay.service.ts';
import { DEFAULT_PLANNER_OPTIONS } from '../../apps/planner/src/planner-options.ts';
import { openTestStores } from '../support/stores.ts';
import type { TestStores } from '../support/stores.ts';
import { until } from '../support/until.ts';

const MESSAGES = 1_500;

let stores: TestStores;
let relays: OutboxRelayService[];

beforeEach(async () => {
  stores = await openTestStores(inject('postgresUrl'));
  relays = [];
});
afterEach(async () => {
  await Promise.all(relays.map((relay) => relay.beforeApplicationShutdown()));
  await stores.drop();
});

async function startRelay(owner: string, bus: TaskBus): Promise<void> {
  const options = { ...DEFAULT_PLANNER_OPTIONS, owner, relayTickMs: 20, publishMs: 1_000, busPauseMs: 600_000 };
  const relay = new OutboxRelayService(stores.outbox, bus, options);
  relays.push(relay);
  await relay.onApplicationBootstrap();
}

it('publishes everything, in order, though the planner that was at it gets no answer', async () => {
  await stores.rows(
    `insert into outbox (id, topic, key, value, headers)
     select gen_random_uuid(), 'hiveferry.runs', 'k', n::text, '{}' from generate_series(1, $1::integer) n`,
    [MESSAGES],
  );
  const cutOff = Promise.withResolvers<undefined>();
  await startRelay('cut-off', {
    publish: () => {
      cutOff.resolve(undefined);
      return new Promise(() => undefined);
    },
  });
  await cutOff.promise;
  const published: string[] = [];
  await startRelay('connected', { publish: async (messages) => void published.push(...messages.map(({ value }) => value)) });
  await until(() => published.length >= MESSAGES, { state: () => published.length });
  expect(published).toEqual(Array.from({ length: MESSAGES }, (_, index) => String(index + 1)));
});
