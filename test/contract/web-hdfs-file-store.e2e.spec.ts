import { parseLocation, parseNamespace, pathOf } from '@hiveferry/core';
import { createWebHdfsFileStore } from '@hiveferry/adapters/hadoop';
import { readLab } from '../../lab/src/index.ts';
import { Hdfs } from '../support/hdfs.ts';
import { fileStoreContract } from './file-store.contract.ts';

fileStoreContract('WebHDFS', async () => {
  const { namespace: text, webHdfsUri } = readLab().clusters.target.hdfs;
  const namespace = parseNamespace(text);
  const root = parseLocation('/tmp/contract-file-store', namespace);
  if (namespace === undefined || root === undefined) throw new Error(`not a namespace: ${text}`);
  const hdfs = new Hdfs({ webHdfsUri });
  return {
    store: createWebHdfsFileStore({ namespace, webHdfsUri, user: 'hdfs' }),
    root,
    putFile: async (location, content) => await hdfs.write(pathOf(location), content, 'hdfs'),
  };
});
