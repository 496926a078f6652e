import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { htmlReport } from './html-report.ts';
import type { ReportDetails, ReportFacts, ReportRow, ReportedTable, WholeEnding } from './report-model.ts';

const FACTS: ReportFacts = {
  title: 'sales to <lake> & back',
  asked: [['Strategy', 'SCHEMA_ONLY']],
  sides: { source: 'LEFT', target: 'RIGHT' },
};
const pack = (text: string): string => gzipSync(text).toString('base64');

function tableOf(index: number, given: Partial<ReportedTable> = {}): ReportedTable {
  return {
    database: 'sales',
    name: `orders_${index}`,
    target: `sales.orders_${index}`,
    state: 'MIGRATE',
    strategy: 'SCHEMA_ONLY',
    decisions: [{ rule: 'target-absent', reason: 'it is created' }],
    issues: [],
    copies: [{ source: 'hdfs://a/x', target: 'hdfs://b/x', runsAt: 'target' }],
    statements: { source: [], target: ['CREATE TABLE x'] },
    ...given,
  };
}

function reportOf(tables: readonly ReportedTable[]): string {
  const report = htmlReport(FACTS, pack);
  return [report.begin(), ...tables.map(report.add), report.end({ notes: [], leftOut: [] })].join('');
}

interface Parts {
  readonly rows: readonly ReportRow[];
  readonly details: readonly ReportDetails[];
  readonly ending: WholeEnding;
}

function partsOf<K extends keyof Parts>(html: string, kind: K): readonly Parts[K][] {
  return [...html.matchAll(new RegExp(`data-packed="${kind}">([^<]*)<`, 'g'))].map(
    ([, text = '']) => JSON.parse(gunzipSync(Buffer.from(text, 'base64')).toString()) as Parts[K],
  );
}

describe('the HTML report', () => {
  it('holds every table once, in parts of 200, in the order given', () => {
    const html = reportOf(Array.from({ length: 450 }, (_, index) => tableOf(index)));
    const rows = partsOf(html, 'rows');
    expect(rows.map(({ length }) => length)).toEqual([200, 200, 50]);
    expect(rows.flat().map(([, name]) => name)).toEqual(Array.from({ length: 450 }, (_, index) => `orders_${index}`));
    const details = partsOf(html, 'details');
    expect(details.flat().length).toBe(450);
    expect(details[2]?.[49]).toEqual({
      decisions: [{ rule: 'target-absent', reason: 'it is created' }],
      issues: [],
      copies: [{ source: 'hdfs://a/x', target: 'hdfs://b/x', runsAt: 'target' }],
      statements: { source: [], target: ['CREATE TABLE x'] },
    });
  });

  it('counts a code once a table, and says it in the words of the first', () => {
    const found = (text: string) => ({ code: 'MANAGED', severity: 'note' as const, text, advice: 'Look.' });
    const html = reportOf([tableOf(0, { issues: [found('a'), found('b')] }), tableOf(1, { issues: [found('c')] }), tableOf(2)]);
    expect(partsOf(html, 'ending')).toEqual([
      { notes: [], leftOut: [], kinds: [{ code: 'MANAGED', severity: 'note', text: 'a', advice: 'Look.', tables: 2 }] },
    ]);
  });

  it('lets no name of a user become markup', () => {
    const hostile = '</script><script>alert(1)</script><!--';
    const html = reportOf([tableOf(0, { database: hostile, name: hostile, sourceDdl: hostile, target: hostile })]);
    expect(html).not.toContain('alert(1)');
    expect(html).toContain('<title>sales to &lt;lake&gt; &amp; back</title>');
    expect(partsOf(html, 'rows')[0]?.[0]?.[1]).toBe(hostile);
  });

  it('asks for nothing from outside the file', () => {
    const html = reportOf([tableOf(0)]);
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"`);
    expect(html).not.toMatch(/\b(?:src|href)=|@import|url\(/);
  });

  it('is the same for the same tables', () => {
    const tables = [tableOf(0), tableOf(1)];
    expect(reportOf(tables)).toBe(reportOf(tables));
  });
});
