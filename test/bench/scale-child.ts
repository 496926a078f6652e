/** A planner or an executor as a process of its own, on Kafka, with clusters that are made up; it prints its memory every second. */
import { startScaleProcess } from './scale-process.ts';

const [role = '', name = '', url = '', brokers = '', prefix = '', tables = ''] = process.argv.slice(2);
if (role !== 'planner' && role !== 'executor') throw new Error(`no such role: ${role}`);
const app = await startScaleProcess({ role, name, url, brokers, prefix, tables: Number(tables) });
process.stdout.write(`${JSON.stringify({ ready: true })}\n`);
setInterval(() => {
  const { rss } = process.memoryUsage();
  // What is still there after a collection: what V8 has not collected yet says nothing.
  globalThis.gc?.();
  const { heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  process.stdout.write(`${JSON.stringify({ rss, heapUsed, cpuSeconds: (user + system) / 1e6 })}\n`);
}, 1_000);
process.on('SIGTERM', () => void app.close().finally(() => process.exit(0)));
