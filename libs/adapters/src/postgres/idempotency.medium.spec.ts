import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { aSpec, openTestStores } from '../../../../test/support/stores.ts';
import type { TestStores } from '../../../../test/support/stores.ts';

let stores: TestStores;

beforeAll(async () => {
  stores = await openTestStores(inject('postgresUrl'));
});
afterAll(() => stores.drop());

describe('idempotency keys', () => {
  const answer = { status: 202, body: { id: 'x' }, headers: {} };

  it('give the first answer again', async () => {
    const key = randomUUID();
    expect(await stores.runs.beginIdempotent(key, 'h')).toBeUndefined();
    await expect(stores.runs.beginIdempotent(key, 'h')).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_IN_FLIGHT' });
    await stores.runs.finishIdempotent(key, answer);
    expect(await stores.runs.beginIdempotent(key, 'h')).toEqual(answer);
    await expect(stores.runs.beginIdempotent(key, 'other')).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  it('are kept with what the request wrote, or not at all', async () => {
    const request = { key: randomUUID(), hash: 'h' };
    const create = async () => {
      const { id } = await stores.runs.createMigration(aSpec(), { executeAfterPlan: false });
      return { ...answer, body: { id } };
    };
    const dies = stores.runs.once(request, async () => {
      await create();
      throw new Error('the process dies before it answers');
    });
    await expect(dies).rejects.toThrow('dies');
    expect((await stores.runs.migrations({ pageSize: 9 })).items).toEqual([]);
    const first = await stores.runs.once(request, create);
    expect(await stores.runs.once(request, create)).toEqual({ answer: first.answer, isRepeated: true });
    expect((await stores.runs.migrations({ pageSize: 9 })).items).toHaveLength(1);
  });

  it('are refused at once while the first request is being answered', async () => {
    const request = { key: randomUUID(), hash: 'h' };
    const [begun, late] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const first = stores.runs.once(request, async () => {
      begun.resolve(undefined);
      await late.promise;
      return answer;
    });
    await begun.promise;
    await expect(stores.runs.once(request, () => Promise.resolve(answer))).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_IN_FLIGHT' });
    late.resolve(undefined);
    expect(await first).toEqual({ answer, isRepeated: false });
  });

  it('are given to one of many that ask at once, and again when that one gave up', async () => {
    const key = randomUUID();
    const asked = await Promise.allSettled(Array.from({ length: 8 }, () => stores.runs.beginIdempotent(key, 'h')));
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await stores.runs.abandonIdempotent(key);
    expect(await stores.runs.beginIdempotent(key, 'h')).toBeUndefined();
  });
});
