import { stringify } from 'yaml';
import type { HmsMirrorConfiguration } from './configuration-schema.ts';

const HIDDEN = '*****';

/** The configuration as it was planned with, as YAML, without users and passwords. */
export function effectiveConfiguration(configuration: HmsMirrorConfiguration): string {
  return stringify(withoutSecrets(configuration), { lineWidth: 0 });
}

function withoutSecrets(value: unknown, key = ''): unknown {
  if (/password|secret|^user$/i.test(key) && typeof value === 'string') return HIDDEN;
  if (typeof value === 'string') return withoutSecretOptions(value);
  if (Array.isArray(value)) return value.map((inner) => withoutSecrets(inner));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withoutSecrets(inner, name)]));
}

/** Of addresses: what stands before the host, headers and cookies, and options that are secrets by their names. */
function withoutSecretOptions(text: string): string {
  const address = text.startsWith('jdbc:') ? text.replace(/\/\/[^/;?]*@/, `//${HIDDEN}@`) : text;
  return address
    .replaceAll(/(http\.(?:header|cookie)\.[\w-]+)=[^;?#]*/gi, `$1=${HIDDEN}`)
    .replaceAll(/(password|secret|token|jwt|user)=[^;&]*/gi, `$1=${HIDDEN}`);
}
