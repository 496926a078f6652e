import type { CLUSTER_PARTS } from '@hiveferry/contracts';

/** What to do when a part does not answer and its fault says nothing better. */
export const ADVICE_OF_PART: Readonly<Record<(typeof CLUSTER_PARTS)[number], string>> = {
  metastore:
    'Check metastore.uri, or what its reader needs (hiveServer2, metastore.database), that it runs, and that this machine may reach its port.',
  hiveServer2: 'Check hiveServer2.host, port and auth (nosasl or plain, as hive.server2.authentication says), and the user.',
  fileSystem: 'Check hdfs.webHdfsUri and hdfs.user; the user must be able to write below /tmp.',
  objectStores: 'Check namespace, endpoint, region and pathStyle of the bucket, and what accessKeyRef and secretKeyRef point to.',
  hadoopCommand: "Check hadoop.command: it must be Hadoop's launcher on the machine of the executor, with Java to be found.",
  hiveFacts: 'Check hive.version and the warehouses against the answers of `set hive.metastore.warehouse.dir` and `select version()`.',
};
