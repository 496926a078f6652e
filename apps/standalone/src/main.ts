import { RUN_STATES } from '@hiveferry/core';

process.stdout.write(`hiveferry: ${String(RUN_STATES.length)} run states\n`);
