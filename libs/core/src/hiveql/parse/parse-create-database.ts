import type { Database, Parameters } from '../../model/table.ts';
import { DdlFault } from './ddl-error.ts';
import type { DdlError } from './ddl-error.ts';
import { readProperties } from './storage-clauses.ts';
import { TokenReader } from './token-reader.ts';

interface ParsedDatabase {
  readonly kind: 'parsed';
  readonly database: Database;
}

/**
 * Reads what SHOW CREATE DATABASE of Hive 3 and 4 prints. The text does not say the owner.
 *
 * @param text lines joined by line feeds
 */
export function parseCreateDatabase(text: string): ParsedDatabase | DdlError {
  try {
    return { kind: 'parsed', database: readDatabase(new TokenReader(text)) };
  } catch (fault) {
    if (fault instanceof DdlFault) return fault.error;
    throw fault;
  }
}

function readDatabase(reader: TokenReader): Database {
  reader.expect('CREATE');
  reader.expect('DATABASE');
  const name = reader.identifier('a database name');
  const description = reader.accept('COMMENT') ? reader.string('a comment') : '';
  const locationUri = reader.accept('LOCATION') ? reader.string('a location') : '';
  const managedLocationUri = reader.accept('MANAGEDLOCATION') ? reader.string('a location') : '';
  const parameters = readDatabaseProperties(reader);
  if (reader.next.kind !== 'end') throw reader.fault('the end of the statement, LOCATION, MANAGEDLOCATION or WITH DBPROPERTIES');
  return {
    name,
    ...(description === '' ? {} : { description }),
    ...(locationUri === '' ? {} : { locationUri }),
    ...(managedLocationUri === '' ? {} : { managedLocationUri }),
    parameters,
  };
}

function readDatabaseProperties(reader: TokenReader): Parameters {
  return reader.accept('WITH', 'DBPROPERTIES') ? readProperties(reader) : {};
}
