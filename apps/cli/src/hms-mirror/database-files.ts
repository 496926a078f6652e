import type { Issue, ScriptCopy, ScriptStream, TableScript } from '@hiveferry/core';
import {
  HIVEQL_FILES,
  ROLL_BACK_FILES,
  copyFiles,
  databaseHiveql,
  hiveqlTitle,
  reportHead,
  reportLeftOut,
  reportTable,
  rollBackHiveql,
  rollBackTitle,
  tableHiveql,
} from '@hiveferry/core';
import type { OutputFolder } from './output-folder.ts';

/** What the files of a database tell of it when they are closed. */
interface Ending {
  readonly tables: Readonly<Record<string, number>>;
  readonly leftOut: readonly { readonly table: string; readonly reason: string }[];
  readonly copies: readonly ScriptCopy[];
}

export interface DatabaseFiles {
  readonly add: (table: TableScript) => void;
  /** @returns the issues of the database as a whole */
  readonly finish: (ending: Ending) => readonly Issue[];
}

/** Writes the scripts of a database table by table, and at the end what is only known then: copies and the head of the report. */
export function openDatabaseFiles(stream: ScriptStream, folder: OutputFolder): DatabaseFiles {
  const stem = stream.source.replaceAll(/[^\p{L}\p{N}_.-]/gu, '_');
  const scripts = HIVEQL_FILES.map(({ ending, ...part }) => ({
    part,
    file: folder.grow(`${stem}_${ending}`, hiveqlTitle(part, stream.source)),
  }));
  for (const { part, file } of scripts) {
    file.append(databaseHiveql(part.side === 'source' ? stream.source : stream.target, stream.statements, part));
  }
  const backs = ROLL_BACK_FILES.map(({ side, ending }) => ({
    side,
    file: folder.grow(`${stem}_${ending}`, rollBackTitle(side, stream.source)),
  }));
  const report = folder.growBody(`${stem}_hms-mirror.md`);
  return {
    add: (table) => {
      for (const { part, file } of scripts) file.append(tableHiveql(table, part));
      for (const { side, file } of backs) file.append(rollBackHiveql(`table ${table.name}`, table.statements, side));
      report.append(reportTable(table));
    },
    finish: ({ tables, leftOut, copies }) => {
      for (const { side, file } of backs) {
        const database = side === 'source' ? stream.source : stream.target;
        file.append(rollBackHiveql(`database ${database}`, stream.statements, side));
      }
      for (const { file } of [...scripts, ...backs]) file.close();
      const finished = stream.finish(copies);
      for (const { path, pieces } of copyFiles(stem, { ...stream, ...finished })) {
        const file = folder.grow(path, '');
        for (const piece of pieces) file.append(piece);
        file.close();
      }
      const issues = [...stream.issues, ...finished.issues];
      const numbers = { tables, copies: finished.copies.length, leftOut: leftOut.length };
      report.finish({ head: reportHead({ ...stream, issues, ...numbers }), foot: reportLeftOut(leftOut) });
      return issues;
    },
  };
}
