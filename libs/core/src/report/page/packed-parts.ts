export async function unpack<T>(packed: Element): Promise<T> {
  const bytes = Uint8Array.from(atob(packed.textContent), (char) => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return (await new Response(stream).json()) as T;
}

/** Parts of the file, as `html-report.ts` packs them. */
export function packedParts(kind: 'facts' | 'rows' | 'details' | 'ending'): readonly Element[] {
  return [...document.querySelectorAll(`script[data-packed="${kind}"]`)];
}

export async function unpackAll<T>(kind: 'facts' | 'rows' | 'ending'): Promise<readonly T[]> {
  return await Promise.all(packedParts(kind).map(async (part) => await unpack<T>(part)));
}
