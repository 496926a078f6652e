/** `npm start`: builds when needed and runs the service in the foreground: one process, embedded Postgres, in-process bus. */
import { buildService } from './support/service.ts';

buildService();
await import(new URL('../dist/apps/standalone/src/main.js', import.meta.url).href);

export {};
