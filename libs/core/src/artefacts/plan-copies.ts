import { planTransfer } from '../transfer/plan-transfer.ts';
import { transferSettingsOf } from '../transfer/settings-of-request.ts';
import { unitsOfPlan } from '../transfer/units-of-plans.ts';
import type { ScriptCopy } from '../model/script-plan.ts';
import type { CopyUnit } from '../model/transfer.ts';
import type { ArtefactInput } from './artefact.ts';
import type { CopyFile } from './copy-files.ts';
import { filesOfCopies } from './copy-files.ts';
import { distcpWorkbook } from './distcp-workbook.ts';
import { runsWhere } from './runs-where.ts';
import { jobsOfTransfer } from './transfer-jobs.ts';

/** The four DistCp files of a database's plans: copies in jobs and waves, within the bounds that the request says. */
export function filesOfPlans(stem: string, input: ArtefactInput): readonly CopyFile[] {
  const { database, tables, settings, targetBlockSizeBytes, chosen } = input;
  const whole = tables.flatMap((plan) => unitsOfPlan(plan));
  const units = chosen?.units ?? whole;
  const { link, ...spread } = transferSettingsOf(settings.distcp);
  const blockSize = targetBlockSizeBytes === undefined ? {} : { blockSizeBytes: targetBlockSizeBytes };
  const transfer = planTransfer(units, { ...spread, link: { ...link, ...blockSize } });
  const side = settings.distcp.flow === 'PUSH' ? 'source' : 'target';
  const copyOf = ({ source, target }: CopyUnit): ScriptCopy => ({ side, source, target });
  const pairs = units.map(copyOf);
  const jobs = jobsOfTransfer(transfer, { side, stem, copies: whole.map(copyOf) });
  const script = { stem, database: database.source, target: database.target, place: runsWhere(input), ...jobs };
  return filesOfCopies({ script, pairs, workbook: distcpWorkbook(input, { side, transfer }) });
}
