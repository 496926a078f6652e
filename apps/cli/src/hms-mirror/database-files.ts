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
  runBook,
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
  const { scripts, backs } = openHiveql(stream, folder, stem);
  const reportName = `${stem}_hms-mirror.md`;
  const report = folder.growBody(reportName);
  let isToBeRun = false;
  return {
    add: (table) => {
      isToBeRun ||= table.strategy !== 'DUMP' && table.statements.length > 0;
      for (const { part, file } of scripts) file.append(tableHiveql(table, part));
      for (const { side, file } of backs) file.append(rollBackHiveql(`table ${table.name}`, table.statements, side));
      report.append(reportTable(table));
    },
    finish: ({ tables, leftOut, copies }) => {
      for (const { side, file } of backs) {
        const database = side === 'source' ? stream.source : stream.target;
        file.append(rollBackHiveql(`database ${database}`, stream.statements, side));
      }
      const hiveql = [...scripts, ...backs].filter(({ file }) => file.close()).map(({ name }) => name);
      const finished = stream.finish(copies);
      const copying = writeCopies(copyFiles(stem, { ...stream, ...finished }), folder);
      if (isToBeRun) writeRunBook(stream, folder, { stem, files: [...hiveql, ...copying, reportName], refused: tables['REFUSED'] ?? 0 });
      const issues = [...stream.issues, ...finished.issues];
      const numbers = { tables, copies: finished.copies.length, leftOut: leftOut.length };
      report.finish({ head: reportHead({ ...stream, issues, ...numbers }), foot: reportLeftOut(leftOut) });
      return issues;
    },
  };
}

/** @returns names of the files */
function writeCopies(files: ReturnType<typeof copyFiles>, folder: OutputFolder): readonly string[] {
  return files.map(({ path, pieces }) => {
    const file = folder.grow(path, '');
    for (const piece of pieces) file.append(piece);
    file.close();
    return path;
  });
}

function writeRunBook(
  { source, target, statements }: ScriptStream,
  folder: OutputFolder,
  facts: { readonly stem: string; readonly files: readonly string[]; readonly refused: number },
): void {
  const own = statements.filter(({ side, phase }) => side === 'target' && phase === 'execute');
  folder.write(
    `${facts.stem}_runbook.md`,
    runBook({ ...facts, database: source, target, databaseSql: own.map(({ sql }) => sql), notes: [] }),
  );
}

function openHiveql(stream: ScriptStream, folder: OutputFolder, stem: string) {
  const scripts = HIVEQL_FILES.map(({ ending, ...part }) => ({
    part,
    name: `${stem}_${ending}`,
    file: folder.grow(`${stem}_${ending}`, hiveqlTitle(part, stream.source)),
  }));
  for (const { part, file } of scripts) {
    file.append(databaseHiveql(part.side === 'source' ? stream.source : stream.target, stream.statements, part));
  }
  const backs = ROLL_BACK_FILES.map(({ side, ending }) => ({
    side,
    name: `${stem}_${ending}`,
    file: folder.grow(`${stem}_${ending}`, rollBackTitle(side, stream.source)),
  }));
  return { scripts, backs };
}
