import { PROBLEM_MEDIA_TYPE } from '@hiveferry/platform';
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';

const DESCRIPTION = `Moves Hive tables between clusters - schema, partitions and data - and proves that they arrived.

**The way of a request.** Register two clusters and check them. Ask for a migration: the answer is an operation; when it is done, the run
is PLANNED and says its plan hash. Review the tables and the artefacts, then execute exactly that hash. Each table ends VERIFIED, or says why not.

**Conventions.** Errors are \`application/problem+json\` (RFC 9457) with a stable \`code\`. Any POST takes an \`Idempotency-Key\`. Lists are
pages: send \`nextPageToken\` as \`pageToken\`. Work that takes long is answered with 202 and an operation.`;

const TAGS: Readonly<Record<string, string>> = {
  Clusters: 'Where tables come from and go to.',
  Migrations: 'One source, one or more targets, a selection, a strategy.',
  Runs: 'A plan, its execution and its progress.',
  Tables: 'State, plan, steps, issues and evidence of each table.',
  Artefacts: 'The plan as files that people can read and run.',
  Executors: 'Who works where.',
  Operations: 'Work that goes on after the answer.',
  Health: 'For probes.',
};

/** The OpenAPI 3.1 document of the application, as `/openapi.json` shows it. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const builder = new DocumentBuilder().setTitle('Hiveferry').setDescription(DESCRIPTION).setVersion('1').setOpenAPIVersion('3.1.0');
  for (const [name, description] of Object.entries(TAGS)) builder.addTag(name, description);
  const document = SwaggerModule.createDocument(app, builder.build(), { operationIdFactory: (_controller, method) => method });
  return sorted(withoutSaidPatterns(withUniqueIds(withProblemMediaType(withoutWildcards(document)))));
}

type Operations = readonly { readonly path: string; readonly method: string; readonly operation: Operation }[];

interface Operation {
  operationId?: string;
  parameters?: unknown[];
  responses: Record<string, unknown>;
}

function operationsOf(document: OpenAPIObject): Operations {
  const methods = ['get', 'post', 'put', 'delete'] as const;
  return Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      return operation === undefined ? [] : [{ path, method, operation }];
    }),
  );
}

/** What a path calls `{path}`, Nest documents once more under the name by which a controller reads it. */
function withoutWildcards(document: OpenAPIObject): OpenAPIObject {
  const isWildcard = (parameter: unknown): boolean =>
    typeof parameter === 'object' && parameter !== null && 'name' in parameter && parameter.name === '*';
  for (const { operation } of operationsOf(document)) {
    if (operation.parameters !== undefined) operation.parameters = operation.parameters.filter((each) => !isWildcard(each));
  }
  return document;
}

/** Nest documents every answer as `application/json`; ours to errors is another. */
function withProblemMediaType(document: OpenAPIObject): OpenAPIObject {
  for (const { path, operation } of operationsOf(document)) {
    for (const [status, response] of Object.entries(operation.responses)) {
      if (Number(status) < 400 || path === '/readyz' || typeof response !== 'object' || response === null || !('content' in response))
        continue;
      response.content = { [PROBLEM_MEDIA_TYPE]: bodyOf(response.content) };
    }
  }
  return document;
}

/** `POST /v1/runs/{runId}:execute` is `postRunsExecute`: names that generated clients can live with. */
function withUniqueIds(document: OpenAPIObject): OpenAPIObject {
  for (const { path, method, operation } of operationsOf(document)) {
    const words = path
      .replace(/^\/v1/, '')
      .split(/[^A-Za-z]+/)
      .filter((word) => word !== '');
    operation.operationId = [method, ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join('');
  }
  return document;
}

/** `format` says it already; zod's pattern for it is for machines. */
function withoutSaidPatterns(document: OpenAPIObject): OpenAPIObject {
  const text = JSON.stringify(document, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('format' in value) || !('pattern' in value)) return value;
    return Object.fromEntries(Object.entries(value).filter(([key]) => key !== 'pattern'));
  });
  // The same document, less a few keys.
  return JSON.parse(text) as OpenAPIObject;
}

function sorted(document: OpenAPIObject): OpenAPIObject {
  const { schemas = {} } = document.components ?? {};
  const byName = Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { ...document, components: { ...document.components, schemas: byName } };
}

function bodyOf(content: unknown): unknown {
  return typeof content === 'object' && content !== null ? Object.entries(content)[0]?.[1] : undefined;
}
