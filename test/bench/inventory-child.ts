/** Runs one variant once and prints its result as JSON. usage: inventory-child.ts VARIANT HOST PORT DATABASE */
import { VARIANTS } from './inventory-variants.ts';
import type { VariantResult } from './inventory-variants.ts';

const [variant = '', host = '', port = '', database = ''] = process.argv.slice(2);
const run = Object.entries(VARIANTS).find(([name]) => name === variant)?.[1];
if (run === undefined) throw new Error(`no variant is named ${variant}`);

const started = performance.now();
const counts = await run({ host, port: Number(port), database });
const result: VariantResult = {
  ...counts,
  seconds: (performance.now() - started) / 1000,
  cpuSeconds: (process.cpuUsage().user + process.cpuUsage().system) / 1e6,
  peakMemoryMib: process.resourceUsage().maxRSS / 1024,
};
console.log(JSON.stringify(result));
