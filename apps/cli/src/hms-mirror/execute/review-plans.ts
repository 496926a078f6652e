import type { TableDetail } from '@hiveferry/contracts';
import { inOrder } from '@hiveferry/core';
import type { Service } from '../../execute/embedded-service.ts';
import type { PlannedRun } from '../../execute/plan-requests.ts';
import type { PlannedDatabase } from './planned-tables.ts';

const TOGETHER = 8;

/** Whether the service would make each table where its script, which people may have reviewed, makes it. @returns a line for each that differs */
export async function reviewPlans(
  databases: readonly PlannedDatabase[],
  plans: readonly PlannedRun[],
  service: Service,
): Promise<readonly string[]> {
  const reasons: string[] = [];
  for (const { name, run } of plans) {
    const placed = [...(databases.find((database) => database.name === name)?.tables ?? [])].filter(([, place]) => place !== undefined);
    const look = async ([table, place = '']: readonly [string, string | undefined]): Promise<string | undefined> => {
      const detail = await service.get<TableDetail>(`/v1/runs/${run.id}/tables/${encodeURIComponent(name)}/${encodeURIComponent(table)}`);
      return differenceOf(detail, `${name}.${table}`, place);
    };
    for await (const difference of inOrder(placed, TOGETHER, look)) if (difference !== undefined) reasons.push(difference);
  }
  return reasons;
}

function differenceOf({ plan }: TableDetail, table: string, place: string): string | undefined {
  const mapping = plan?.mappings.find(({ subject }) => subject === 'table');
  if (mapping === undefined || bare(mapping.to) === bare(place)) return undefined;
  return `EXECUTE_NOT_AVAILABLE: ${table}: its script makes it at ${place}, the service would at ${mapping.to} (${mapping.reason}); nothing was executed. Say the place of its directory by userGlobalLocationMap (-glm), or run the scripts of a dry run by hand`;
}

const bare = (location: string): string => location.replace(/\/+$/, '');
