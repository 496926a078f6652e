/** One measurement, or the tasks for it, in a process of its own, as compiled code; a measurement prints its result as JSON. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DISPATCH_VARIANTS } from './dispatch-variants.ts';

const [part = '', name = '', url = '', tasks = '', places = '', brokers = ''] = process.argv.slice(2);
const variant = Object.entries(DISPATCH_VARIANTS).find(([key]) => key === name)?.[1];
if (variant === undefined) throw new Error(`no such variant: ${name}`);
const job = { url, tasks: Number(tasks), places: Number(places), brokers };
if (part === 'prepare') await variant.prepare(job);
else process.stdout.write(`${JSON.stringify(await variant.run({ ...job, prepare: prepareElsewhere }))}\n`);
process.stdout.write('', () => process.exit(0));

async function prepareElsewhere(count: number): Promise<void> {
  await promisify(execFile)(process.execPath, [fileURLToPath(import.meta.url), 'prepare', name, url, String(count)]);
}
