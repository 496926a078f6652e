/** Records what SHOW CREATE TABLE and the metastores of the lab say: `sh scripts/run.sh test/oracle/hiveql/record.ts`, with the lab up and loaded. */
import { writeFileSync } from 'node:fs';
import { readLab } from '../../../lab/src/index.ts';
import { LAB_DATABASES, RECORDS, recordDdl } from './recording.ts';
import type { LabSide } from './recording.ts';

const lab = readLab();
for (const [side, file] of Object.entries(RECORDS) as [LabSide, string][]) {
  const records = await recordDdl(lab, side, LAB_DATABASES[side]);
  writeFileSync(file, `${JSON.stringify(records, undefined, 2)}\n`);
  console.log(`${file}: ${records.length} tables of Hive ${lab.clusters[side].hiveVersion}`);
}
