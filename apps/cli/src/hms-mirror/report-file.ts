import { gzipSync } from 'node:zlib';
import { htmlReport, reportedIssue, reportedScript } from '@hiveferry/core';
import type { Issue, ScriptItem } from '@hiveferry/core';
import type { HmsMirrorConfiguration } from './configuration-schema.ts';
import type { OutputFolder } from './output-folder.ts';

const REPORT_FILE = 'report.html';

/** The report of the whole run, which grows table by table. */
export interface ReportFile {
  readonly add: (database: { readonly source: string; readonly target: string }, item: Planned) => void;
  readonly leaveOut: (database: string, table: string, reason: string) => void;
  readonly note: (issues: readonly Issue[]) => void;
  readonly finish: () => void;
}

type Planned = Extract<ScriptItem, { kind: 'planned' }>;

export function openReportFile(folder: OutputFolder, configuration: HmsMirrorConfiguration, databases: readonly string[]): ReportFile {
  const report = htmlReport(
    {
      title: `Plan of ${databases.length === 1 ? (databases[0] ?? '') : `${databases.length} databases`}`,
      asked: [
        ['Strategy', configuration.dataStrategy],
        ['Databases', databases.slice(0, 20).join(', ') + (databases.length > 20 ? `, and ${databases.length - 20} more` : '')],
        ...(configuration.comment === undefined ? [] : [['Comment', configuration.comment] as const]),
      ],
      sides: { source: 'LEFT', target: 'RIGHT' },
    },
    (text) => gzipSync(text, { level: 4 }).toString('base64'),
  );
  const file = folder.grow(REPORT_FILE, '');
  file.append(report.begin());
  const leftOut: { readonly database: string; readonly table: string; readonly reason: string }[] = [];
  const notes: Issue[] = [];
  return {
    add: ({ source: database, target: targetDatabase }, item) =>
      file.append(report.add(reportedScript({ ...item, database, targetDatabase }))),
    leaveOut: (database, table, reason) => leftOut.push({ database, table, reason }),
    note: (issues) => notes.push(...issues),
    finish: () => {
      file.append(report.end({ notes: notes.map(reportedIssue), leftOut }));
      file.close();
    },
  };
}
