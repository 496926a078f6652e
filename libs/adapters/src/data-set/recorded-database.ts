import { OWNER_TYPES } from '@hiveferry/core';
import type { Database, Owner } from '@hiveferry/core';
import { at, mapAt, textEntries } from './yaml-node.ts';
import type { NodePlace, YamlNode } from './yaml-node.ts';

/** The peer's keys that are fields of a database; all others are its DBPROPERTIES. */
const FIELDS = new Set(['DB_NAME', 'LOCATION', 'MANAGEDLOCATION', 'COMMENT', 'OWNER_NAME', 'OWNER_TYPE']);

/** @param node the map of one side below `properties`; absent means that the side has no such database */
function readDatabase(name: string, node: YamlNode | undefined, place: NodePlace): Database | undefined {
  if (node === undefined) return undefined;
  const entries = textEntries(mapAt(node, place));
  const { COMMENT: description, LOCATION: locationUri, MANAGEDLOCATION: managedLocationUri } = entries;
  const owner = readOwner(entries);
  return {
    name,
    ...(description === undefined ? {} : { description }),
    ...(locationUri === undefined ? {} : { locationUri }),
    ...(managedLocationUri === undefined ? {} : { managedLocationUri }),
    parameters: Object.fromEntries(Object.entries(entries).filter(([key]) => !FIELDS.has(key))),
    ...(owner === undefined ? {} : { owner }),
  };
}

/** Both sides of a database: its key `properties`. */
export function readSides(
  name: string,
  node: YamlNode | undefined,
  place: NodePlace,
): { readonly source?: Database; readonly target?: Database } {
  const properties = mapAt(node, place);
  const source = readDatabase(name, properties.get('LEFT'), at(place, 'LEFT'));
  const target = readDatabase(name, properties.get('RIGHT'), at(place, 'RIGHT'));
  return { ...(source === undefined ? {} : { source }), ...(target === undefined ? {} : { target }) };
}

function readOwner({ OWNER_NAME: name, OWNER_TYPE: sent }: Readonly<Record<string, string>>): Owner | undefined {
  if (name === undefined) return undefined;
  return { name, type: OWNER_TYPES.find((type) => type === sent) ?? 'USER' };
}
