import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Run, TableDetail } from '@hiveferry/contracts';
import { archiveOf } from '../../../../api/src/artefacts/archive.ts';
import type { PlannedDatabase, PlannedTable } from './planned-tables.ts';
import type { Review } from './review.ts';
import { reviewPlans } from './review-plans.ts';

type Mapping = NonNullable<TableDetail['plan']>['mappings'][number];

/** The service's plan: where it makes things. */
interface Service {
  readonly database?: string;
  readonly table?: string;
  readonly partitions?: readonly Pick<Mapping, 'partition' | 'to' | 'rule'>[];
  readonly decision?: 'MIGRATE' | 'REFUSED';
}

const PLACE = 's3a://new/data/days';
const DATABASE = 's3a://new/data/sales.db';

function planned(table: Partial<PlannedTable> = {}, target: Partial<PlannedDatabase['target']> = {}): PlannedDatabase {
  const tables = new Map([['days', { place: PLACE, unattached: [], ...table }]]);
  return { name: 'sales', target: { name: 'dr_sales', ...target }, tables, leftOut: [], dropped: [] };
}

async function reviewed(
  database: PlannedDatabase,
  { table = PLACE, partitions = [], decision = 'MIGRATE', ...service }: Service = {},
): Promise<Review> {
  const why = { from: 'hdfs://old/x', reason: 'so', rule: 'same-path' };
  const mappings = [{ subject: 'table', to: table, ...why }, ...partitions.map((each) => ({ ...why, subject: 'partition', ...each }))];
  const location = service.database === undefined ? '' : `\nLOCATION '${service.database}'`;
  const content = `-- database\nCREATE DATABASE IF NOT EXISTS \`dr_sales\`\nCOMMENT 'it\\'s\nLOCATION'${location};\n`;
  const files = Readable.from([
    { path: 'sales_LEFT_execute.sql', target: 'right', content: '' },
    { path: 'sales_RIGHT_execute.sql', target: 'right', content },
  ]);
  const asked = {
    get: async <T>(): Promise<T> => await Promise.resolve({ plan: { decision, mappings } } as T),
    bytes: async () => await Promise.resolve(archiveOf(files as AsyncIterable<{ path: string; target: string; content: string }>, FACTS)),
  };
  const run = { id: 'r1' } as Run;
  return await reviewPlans([database], [{ name: 'sales', runId: 'r1', run }], { service: asked, defaultDirectory: 'hdfs://new/wh' });
}

const FACTS = { folder: 'hiveferry-r1', modifiedAt: new Date(0) };
const NOTHING: Review = { refusals: [], notices: [] };

describe("the service's plan beside the scripts", () => {
  it('says nothing where both make all at one place, whatever slashes they end with', async () => {
    expect(await reviewed(planned({ place: `${PLACE}/` }, { location: DATABASE }), { database: DATABASE })).toEqual(NOTHING);
  });

  it('is refused by the name of a table that is made elsewhere, with the reason and a way', async () => {
    const { refusals } = await reviewed(planned(), { table: 's3a://new/other' });
    expect(refusals).toEqual([expect.stringMatching(/^EXECUTE_NOT_AVAILABLE: sales\.days: .* at s3a:\/\/new\/other \(so\).*-glm/)]);
  });

  it('is refused where a table that moves within its cluster has directories that would go elsewhere', async () => {
    const move = { from: 'hdfs://old/x', to: PLACE };
    expect(await reviewed(planned({ moves: [move] }))).toEqual(NOTHING);
    const { refusals } = await reviewed(planned({ moves: [{ ...move, to: 's3a://new/elsewhere' }] }));
    expect(refusals).toEqual([
      expect.stringMatching(/^EXECUTE_NOT_AVAILABLE: sales\.days: .* 1 of its directories .*: hdfs:\/\/old\/x;.*-glm/),
    ]);
  });

  it('leaves alone what the service refuses', async () => {
    expect(await reviewed(planned(), { table: 's3a://new/other', decision: 'REFUSED' })).toEqual(NOTHING);
  });
});

const STRAY = { name: 'd=5', place: 's3a://new/cold/d=5' };

describe('partitions that MSCK of a script does not find', () => {
  it('are told where the rules of the script would have them at the same place', async () => {
    const found = await reviewed(planned({ unattached: [STRAY] }), {
      partitions: [{ partition: 'd=5', to: STRAY.place, rule: 'same-path' }],
    });
    expect(found).toEqual({ refusals: [], notices: [expect.stringMatching(/^sales\.days: 1 partitions .* attached as well: d=5$/)] });
  });

  it.each([
    ['elsewhere', STRAY, 's3a://new/cold/d=5'],
    ['where the rules have no place', { name: 'd=5' }, 'anywhere'],
    ['and are not known to the script', { name: 'd=6', place: 's3a://new/cold/d=6' }, 'anywhere'],
  ])('refuse the run where the service attaches them %s', async (_case, stray, said) => {
    const { refusals } = await reviewed(planned({ unattached: [stray] }), {
      partitions: [{ partition: 'd=5', to: 's3a://new/warm/d=5', rule: 'same-path' }],
    });
    expect(refusals).toEqual([expect.stringContaining(`sales.days: the service would attach 1 partitions`)]);
    expect(refusals[0]).toContain(`d=5 (s3a://new/warm/d=5, not ${said})`);
  });

  it('are no matter where an INSERT writes them: in the directories of their names', async () => {
    const partitions = [{ partition: 'd=5', to: `${PLACE}/d=5`, rule: 'written-by-insert' }];
    expect(await reviewed(planned(), { partitions })).toEqual(NOTHING);
  });
});

describe('a database', () => {
  it('that the service makes elsewhere refuses the run by its name', async () => {
    const { refusals } = await reviewed(planned({}, { location: DATABASE }), { database: 's3a://new/data/other.db' });
    expect(refusals).toEqual([
      expect.stringMatching(/sales: .* makes database dr_sales at .*sales\.db, the service would at .*other\.db; nothing/),
    ]);
  });

  it('that Hive or somebody else has placed is told', async () => {
    const made = await reviewed(planned({}, { location: DATABASE }));
    expect(made).toEqual({ refusals: [], notices: [expect.stringContaining('dr_sales comes to hdfs://new/wh/dr_sales.db')] });
    const standing = await reviewed(planned({}, { location: DATABASE, standsAt: 'hdfs://new/there' }));
    expect(standing).toEqual({ refusals: [], notices: [expect.stringContaining('dr_sales stays at hdfs://new/there')] });
  });

  it('that comes where its script puts it is no matter', async () => {
    expect(await reviewed(planned({}, { location: 'hdfs://new/wh/dr_sales.db' }))).toEqual(NOTHING);
    expect(await reviewed(planned({}, { location: DATABASE, standsAt: DATABASE }))).toEqual(NOTHING);
    expect(await reviewed(planned())).toEqual(NOTHING);
  });
});
