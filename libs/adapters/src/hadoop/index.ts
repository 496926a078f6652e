export type { WebHdfsFileStoreOptions } from './web-hdfs.file-store.ts';
export { createWebHdfsFileStore } from './web-hdfs.file-store.ts';
export type { HadoopCommand, HadoopCommandOptions } from './hadoop-command.ts';
export { createHadoopCommand } from './hadoop-command.ts';
export type { ChecksumReaderOptions } from './hadoop-command.checksum-reader.ts';
export { createChecksumReader } from './hadoop-command.checksum-reader.ts';
export type { DistCpOptions } from './distcp-endings.ts';
export { createDistCp } from './child-process.distcp.ts';
export { seeByHadoop } from './hadoop-command.probe.ts';
