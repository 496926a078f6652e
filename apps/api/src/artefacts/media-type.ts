const TYPES: Readonly<Record<string, string>> = {
  md: 'text/markdown; charset=utf-8',
  yaml: 'application/yaml; charset=utf-8',
  yml: 'application/yaml; charset=utf-8',
  json: 'application/json; charset=utf-8',
};

/** All that an artefact may be, without parameters. */
export const ARTEFACT_MEDIA_TYPES = ['text/plain', ...new Set(Object.values(TYPES).map((type) => type.replace(/;.*/, '')))];

/** Everything else is plain text: shell and HiveQL are to be read in the browser, not run by it. */
export function mediaTypeOf(path: string): string {
  return TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? 'text/plain; charset=utf-8';
}
