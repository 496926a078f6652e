import { PROOF_LEVELS } from '@hiveferry/core';
import { z } from 'zod';
import { Instant } from '../text.ts';

export const TableName = z
  .object({ database: z.string().meta({ example: 'sales' }), table: z.string().meta({ example: 'orders' }) })
  .meta({ id: 'TableName' });

const Finding = z
  .object({
    code: z.string().meta({ example: 'FILE_MISSING' }),
    subject: z.string(),
    expected: z.string(),
    found: z.string(),
    text: z.string().meta({ description: 'What the code means.' }),
  })
  .meta({ id: 'Finding', description: 'A difference between plan and target.' });

const Counts = z.object({
  partitions: z.int(),
  files: z.int(),
  bytes: z.number(),
  checksummedFiles: z.int(),
  rows: z.string().exactOptional().meta({ description: 'Decimal text: Hive counts beyond 2^53.', example: '15000' }),
});

const ReRead = z.object({ files: z.int(), bytes: z.number() }).meta({
  id: 'ReRead',
  description: 'Files of the target that were read as a whole to make their checksums, since their store keeps none that can be compared.',
});

export const Evidence = z
  .object({
    table: TableName,
    target: TableName,
    tableHash: z.string(),
    verdict: z.enum(['VERIFIED', 'NOT_VERIFIED']),
    level: z.enum(PROOF_LEVELS).exactOptional().meta({ description: 'The level reached.' }),
    askedLevel: z.enum(PROOF_LEVELS),
    findings: z.array(Finding),
    findingsOmitted: z.int(),
    counts: Counts,
    checksumAlgorithm: z.string().exactOptional(),
    reRead: ReRead.exactOptional(),
    leftBehind: z
      .array(z.object({ location: z.string(), files: z.int(), bytes: z.number() }))
      .exactOptional()
      .meta({
        description:
          'STORAGE_MIGRATION: the old directories of a table that moved, as they were copied. The service removes nothing there.',
      }),
    notCompared: z.array(z.string()).meta({ description: 'What was not compared, and why.' }),
    sourceListedAt: Instant.exactOptional(),
    verifiedAt: Instant,
  })
  .meta({ id: 'Evidence', description: 'What was checked, with numbers.' });
