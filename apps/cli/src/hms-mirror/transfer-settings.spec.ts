import { DEFAULT_TRANSFER_SETTINGS } from '@hiveferry/core';
import { describe, expect, it } from 'vitest';
import { DistCpSchema } from './distcp-schema.ts';
import { transferOf } from './transfer-settings.ts';

describe('transfer.distcp', () => {
  it('says nothing but the defaults of the core when it is not there', () => {
    expect(transferOf(DistCpSchema.parse({}))).toEqual({ ...DEFAULT_TRANSFER_SETTINGS, link: { properties: {} } });
  });

  it('carries slots, bounds, windows and options of the link', () => {
    const said = {
      slots: '2',
      maxMbPerSecond: 400,
      packing: 'none',
      window: { opens: '22:00', closes: '05:00' },
      queue: 'etl',
      preserve: 'pt',
    };
    const properties = { 'mapreduce.map.memory.mb': 8192 };
    expect(transferOf(DistCpSchema.parse({ ...said, properties }))).toMatchObject({
      slots: 2,
      maxMbPerSecond: 400,
      packing: 'none',
      window: { opens: '22:00', closes: '05:00' },
      link: { queue: 'etl', preserve: 'pt', properties: { 'mapreduce.map.memory.mb': '8192' } },
    });
  });

  it.each([
    [{ slots: 0 }, 'a whole number from 1'],
    [{ preserve: 'z' }, 'letters of rbugpcaxte, each once'],
    [{ window: { opens: '25:00', closes: '05:00' } }, 'a time of day, such as "22:00"'],
    [{ properties: { 'fs.s3a.secret.key': 'x' } }, 'looks like a secret'],
  ])('refuses %j', (said, expected) => {
    expect(DistCpSchema.safeParse(said).error?.issues.map(({ message }) => message)).toEqual([expect.stringContaining(expected)]);
  });
});
