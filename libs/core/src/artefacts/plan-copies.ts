import type { TablePlan } from '../model/plan.ts';
import { displayName } from '../model/table.ts';
import type { ArtefactInput } from './artefact.ts';
import type { CopyFile } from './copy-files.ts';
import { filesOfCopies } from './copy-files.ts';
import { distcpWorkbook } from './distcp-workbook.ts';
import { runsWhere } from './runs-where.ts';
import { pairsOf, stepName } from './scripted-job.ts';
import type { ScriptedJob } from './scripted-job.ts';

/** The four DistCp files of a database's plans. */
export function filesOfPlans(stem: string, input: ArtefactInput): readonly CopyFile[] {
  const { database, tables } = input;
  const jobs = tables.flatMap((plan) => scriptedJobs(plan, input));
  const pairs = tables.flatMap(({ copyJobs }) => copyJobs.flatMap(pairsOf));
  const script = { stem, database: database.source, target: database.target, place: runsWhere(input), jobs };
  return filesOfCopies({ script, pairs, workbook: [distcpWorkbook(input)] });
}

function scriptedJobs(plan: TablePlan, { settings, targetBlockSizeBytes }: ArtefactInput): readonly ScriptedJob[] {
  const { flow: _flow, ...limits } = settings.distcp;
  return plan.copyJobs.map((job) => {
    const title = `${displayName(plan.source)} ${job.id}`;
    const blockSize = targetBlockSizeBytes === undefined ? {} : { blockSizeBytes: targetBlockSizeBytes };
    return { kind: 'distcp', title, jobs: [job], options: { stepId: stepName(title.replace(' ', '-')), ...limits, ...blockSize } };
  });
}
