import { labUp } from './up.ts';
import { labDown } from './down.ts';
const t = Date.now();
try { if (process.argv[2] === 'up') await labUp(); else console.log(await labDown({purge: process.argv.includes('--purge')}), Date.now()-t); } catch (e) { console.error(String((e as Error).stack)); process.exitCode = 1; }
