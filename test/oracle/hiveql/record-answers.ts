/** Records what the code of both Hives says to what we print: `sh scripts/run.sh test/oracle/hiveql/record-answers.ts`; fetches the lab's jars, needs no lab. */
import { writeFileSync } from 'node:fs';
import { ANSWERS_FILE, VERSIONS, answersOf } from './answers.ts';

const answers: Record<string, unknown> = {};
for (const version of VERSIONS) answers[version] = await answersOf(version);
writeFileSync(ANSWERS_FILE, `${JSON.stringify(answers, undefined, 1)}\n`);
console.log(`${ANSWERS_FILE}: what ${VERSIONS.join(' and ')} say`);
