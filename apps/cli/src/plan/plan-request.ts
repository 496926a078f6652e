import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { MigrationRequest, migrationSpecOf, schemaProblemsText, specOnTarget } from '@hiveferry/contracts';
import type { MigrationSpec } from '@hiveferry/ports';
import { refuseWhatCannotBePlanned } from '../../../api/src/migrations/refuse-request.ts';
import { firstLineOf, refused } from '../snapshot/place.ts';

/** What a request asks for, target by target. */
export interface PlanRequest {
  /** As it was sent, with its defaults. */
  readonly request: MigrationRequest;
  readonly spec: MigrationSpec;
  /** As it holds for that target alone. */
  readonly onTarget: (name: string) => MigrationSpec;
}

/** @throws MigrationError that names the file and the key */
export function planRequestIn(file: string): PlanRequest {
  const parsed = MigrationRequest.safeParse(contentOf(file));
  if (!parsed.success) throw refused(file, `${file} is no request as POST /v1/migrations takes it:\n${schemaProblemsText(parsed.error)}`);
  const spec = migrationSpecOf(parsed.data);
  refuseWhatCannotBePlanned(parsed.data, spec);
  return { request: parsed.data, spec, onTarget: (name) => ({ ...specOnTarget(spec, name), targets: [name] }) };
}

function contentOf(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw refused(file, `${file}: expected a request in YAML or JSON, found: ${firstLineOf(cause)}`);
  }
}
