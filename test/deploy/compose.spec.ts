import { existsSync, readFileSync } from 'node:fs';
import { parseConfiguration } from '@hiveferry/contracts';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const Service = z.object({
  image: z.string(),
  build: z.object({ target: z.string() }).optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.object({ test: z.array(z.string()).min(2) }),
});
const Compose = z.object({ services: z.record(z.string(), Service), volumes: z.record(z.string(), z.unknown()) });

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
/** Variables by their defaults: `${NAME:-default}`. */
const text = read('docker-compose.yml').replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1');
// Parsing fails when a service lacks a health check.
const { services, volumes } = Compose.parse(parse(text, { merge: true }));
const each = Object.entries(services);
const own = each.filter(([, { build }]) => build !== undefined);
const [dockerfile, ignored] = [read('Dockerfile'), read('.dockerignore')];

describe('docker-compose.yml', () => {
  it('runs api, planner and an executor for each of two clusters', () => {
    expect(own.map(([name, { environment }]) => [name, environment['FERRY_CLUSTER']])).toEqual([
      ['api', undefined],
      ['planner', undefined],
      ['executor-source', 'source'],
      ['executor-target', 'target'],
    ]);
  });

  it.each(own)('gives %s only keys that exist, with values that are taken', (_name, { environment }) => {
    expect(parseConfiguration(environment)).toMatchObject({ kind: 'valid' });
    expect(Object.keys(environment)).toEqual(expect.arrayContaining(['FERRY_DATABASE_URL', 'FERRY_KAFKA_BROKERS']));
  });

  it.each(own)('starts %s from a program that is built', (_name, { command = [], build }) => {
    const source = (command[1] ?? '').replace('dist/', '').replace(/\.js$/, '.ts');
    expect(existsSync(new URL(`../../${source}`, import.meta.url))).toBe(true);
    expect(dockerfile).toContain(` AS ${build?.target ?? ''}\n`);
  });

  it.each(each)('publishes ports of %s on loopback only', (_name, { ports }) => {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  it.each(each)('pins the image of %s', (_name, { image, build }) => {
    expect(image).toMatch(build === undefined ? /^[\w./-]+:v?\d+\.\d+[\w.-]*$/ : /:local$/);
  });

  it.each(each)('lets %s wait only for what is there, until it is healthy', (_name, { depends_on: needs }) => {
    for (const [name, { condition }] of Object.entries(needs)) expect([name in services, condition]).toEqual([true, 'service_healthy']);
  });

  it.each(each)('mounts in %s only volumes and files that are there', (_name, service) => {
    for (const [from = ''] of service.volumes.map((volume) => volume.split(':'))) {
      expect(from.startsWith('./') ? existsSync(new URL(`../../${from}`, import.meta.url)) : from in volumes).toBe(true);
    }
  });
});

describe('Dockerfile', () => {
  it('pins its base images and runs as no root', () => {
    const images = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image = '']) => image).filter((image) => image.includes(':'));
    expect(images.length).toBeGreaterThan(1);
    for (const image of images) expect(image).toMatch(/:\d+\.\d+\.\d+[\w-]*$/);
    expect([...dockerfile.matchAll(/^USER (\S+)/gm)].at(-1)?.[1]).toBe('node');
  });

  it('is given every file that it copies from here', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files = '']) => files.split(' '));
    for (const file of copied) expect(ignored).toContain(`!${file.replace('./', '')}`);
  });
});
