import { expect, it } from 'vitest';
import { readLab } from '../../../lab/src/index.ts';
import { LAB_DATABASES, readRecords, recordDdl } from './recording.ts';
import type { LabSide } from './recording.ts';

it.each(['source', 'target'] as const satisfies readonly LabSide[])(
  'what is recorded of SHOW CREATE TABLE is what the %s says',
  async (side) => {
    expect(await recordDdl(readLab(), side, LAB_DATABASES[side])).toEqual(readRecords(side));
  },
);
