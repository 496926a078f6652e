import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { MigrationRequest } from '@hiveferry/contracts';
import { openTestStores } from '../../../test/support/stores.ts';
import type { TestStores } from '../../../test/support/stores.ts';
import { MIGRATION_EXAMPLES } from '../src/openapi/examples.ts';
import { startApi } from '../../../test/support/api-process.ts';

interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

let stores: TestStores;
let app: NestFastifyApplication;
let document: Document;

beforeAll(async () => {
  stores = await openTestStores(inject('postgresUrl'));
  app = await startApi(stores);
  document = (await app.inject({ url: '/openapi.json' })).json<Document>();
});
afterAll(async () => {
  await app.close();
  await stores.drop();
});

const operations = () =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  );

describe('the OpenAPI document', () => {
  it('is OpenAPI 3.1 and its references all lead somewhere', () => {
    expect(document.openapi).toBe('3.1.0');
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference ?? '');
    expect(references.length).toBeGreaterThan(20);
    for (const reference of references)
      expect(Object.keys(document.components.schemas)).toContain(reference.replace('#/components/schemas/', ''));
  });

  it('has every route, commands as the path shows them', () => {
    expect(
      operations()
        .map(({ method, path }) => `${method.toUpperCase()} ${path}`)
        .sort(),
    ).toMatchSnapshot();
  });

  it('gives each operation a name of its own, a tag and a summary', () => {
    const names = operations().map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const { path, operation } of operations()) {
      expect(operation.tags).toHaveLength(1);
      if (path.startsWith('/v1')) expect(operation.summary).toBeTruthy();
    }
  });

  it('documents errors as problem documents and the key as optional', () => {
    for (const { path, method, operation } of operations().filter((each) => each.path.startsWith('/v1'))) {
      const errors = Object.entries(operation.responses).filter(([status]) => Number(status) >= 400);
      expect(errors.map(([status]) => status)).toEqual(expect.arrayContaining(['400', '500', '503']));
      for (const [, { content }] of errors) expect(Object.keys(content ?? {})).toEqual(['application/problem+json']);
      const key = operation.parameters?.find(({ name }) => name === 'Idempotency-Key');
      expect([path, method, key?.required]).toEqual([path, method, method === 'post' ? false : undefined]);
    }
  });

  it('shows examples that its own schema accepts', () => {
    for (const { value } of Object.values(MIGRATION_EXAMPLES)) expect(MigrationRequest.safeParse(value).error).toBeUndefined();
  });

  it('is shown by Swagger UI', async () => {
    expect((await app.inject({ url: '/docs' })).body).toContain('<title>Hiveferry API</title>');
  });
});
