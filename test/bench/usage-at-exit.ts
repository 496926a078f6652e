/** Loaded into a measured process by `NODE_OPTIONS=--import`: leaves what the process used in the file that USAGE_FILE names. */
import { writeFileSync } from 'node:fs';

const file = process.env['USAGE_FILE'];
if (file === undefined) throw new Error('USAGE_FILE: expected the file that the usage is written to, found nothing');
process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  writeFileSync(file, JSON.stringify({ peakMemoryMib: maxRSS / 1024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 }));
});
