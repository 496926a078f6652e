import { readFile } from 'node:fs/promises';
import { MigrationError } from '@hiveferry/core';

/**
 * The statements of `initFile`, as Hive's own driver takes them: lines of comment go, a semicolon ends a statement, and one in the last
 * place is not needed. Copied behaviour: Hive 4.0.1, HiveConnection.parseInitFile.
 */
export async function statementsOfInitFile(file: string): Promise<readonly string[]> {
  return initStatements(await contentOf(file));
}

export function initStatements(content: string): readonly string[] {
  const lines = content.split(/\r?\n/).map((line) => line.trim());
  const told = lines.filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('--'));
  return told
    .join(' ')
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}

async function contentOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const message = `initFile ${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`;
    throw new MigrationError('INIT_FILE_UNREADABLE', message, { category: 'request', retry: 'operator', subject: file });
  }
}
