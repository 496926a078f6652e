import { acceptsSharedFiles } from './shared-files.ts';
import type { DataStrategy } from './strategy.ts';

/** The target's table is external and points at the files of the source, wherever they are. Nothing is copied; the target never owns them. */
export const linked: DataStrategy = {
  name: 'LINKED',
  distcp: 'NONE',
  files: 'shared',
  needs: ['source.metastore', 'source.hive', 'target.metastore', 'target.hive'],
  accepts: acceptsSharedFiles,
};
