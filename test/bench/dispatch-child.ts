/** One measurement in a process of its own; prints its result as JSON. */
import { DISPATCH_VARIANTS } from './dispatch-variants.ts';

const [name = '', url = '', tasks = '', places = '', brokers = ''] = process.argv.slice(2);
const variant = Object.entries(DISPATCH_VARIANTS).find(([key]) => key === name)?.[1];
if (variant === undefined) throw new Error(`no such variant: ${name}`);
const result = await variant.run({ url, tasks: Number(tasks), places: Number(places), brokers });
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
