/** Never changed: a table's messages have one key, also after the next upgrade. */
const SLOTS = 32;

const FNV_BASIS = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * The slot of a table, from 0 to 31: a function of its name only (FNV-1a, folded), so that all its messages have the same key, and in Kafka the same
 * partition. Tables of a slot share their messages.
 *
 * @param subject `db.table`, or `db`
 */
export function slotOf(subject: string): number {
  let hash = FNV_BASIS;
  for (let at = 0; at < subject.length; at += 1) hash = Math.imul(hash ^ subject.charCodeAt(at), FNV_PRIME);
  return (hash ^ (hash >>> 16)) & (SLOTS - 1);
}
