import type { TransferSettings } from '../model/transfer.ts';

/**
 * What holds when nothing is said. Start-ups and the cost of a file are those measured with DistCp in local mode (one command
 * 2.1 s; 200 tables of 3 files by one list 10.6 s; 0.25 s a table in one JVM); on YARN a start takes longer. 20 mappers and 100 MB/s for
 * each are DistCp's own defaults.
 */
export const DEFAULT_TRANSFER_SETTINGS: TransferSettings = {
  slots: 4,
  maxMappers: 80,
  packing: 'list',
  waveMinutes: 60,
  assumptions: {
    startUpSeconds: 2.1,
    nextCopySeconds: 0.25,
    listSecondsPerFile: 0.001,
    copySecondsPerFile: 0.014,
    mbPerSecondPerMapper: 100,
  },
};
