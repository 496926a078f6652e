/** Loaded into a measured process by `NODE_OPTIONS=--import`: leaves what the process used in the file that USAGE_FILE names. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const file = process.env['USAGE_FILE'];
if (file === undefined) throw new Error('USAGE_FILE: expected the file that the usage is written to, found nothing');
process.on('exit', () => {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  writeFileSync(file, JSON.stringify({ peakMemoryMib: peakMemoryKib() / 1024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 }));
});

/** Of this program alone: `maxRSS` begins with the memory of the process that started it, which may be larger. */
function peakMemoryKib(): number {
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
  const own = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return own === undefined ? process.resourceUsage().maxRSS : Number(own);
}
