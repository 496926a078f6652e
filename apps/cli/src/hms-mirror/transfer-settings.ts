import { DEFAULT_TRANSFER_SETTINGS } from '@hiveferry/core';
import type { TransferSettings } from '@hiveferry/core';
import type { HmsMirrorConfiguration } from './configuration-schema.ts';

/** How copies become jobs and waves, as the configuration says it. */
export function transferOf(distcp: HmsMirrorConfiguration['transfer']['distcp']): TransferSettings {
  const { slots, maxMappers, maxMbPerSecond, packing, waveMinutes, window, queue, properties, preserve } = distcp;
  const { startUpSeconds, mbPerSecondPerMapper } = distcp;
  const { assumptions } = DEFAULT_TRANSFER_SETTINGS;
  return {
    slots,
    maxMappers,
    ...(maxMbPerSecond > 0 && { maxMbPerSecond }),
    packing: packing === 'LIST' ? 'list' : 'none',
    waveMinutes,
    ...(window !== undefined && { window }),
    link: { ...(queue !== undefined && { queue }), properties, ...(preserve !== undefined && { preserve }) },
    assumptions: { ...assumptions, startUpSeconds, mbPerSecondPerMapper },
  };
}
