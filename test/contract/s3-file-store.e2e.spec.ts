import { parseLocation } from '@hiveferry/core';
import { LabBucket } from '../support/lab-bucket.ts';
import { fileStoreContract } from './file-store.contract.ts';

fileStoreContract('S3', async () => {
  const bucket = new LabBucket();
  const root = parseLocation(`${bucket.namespace}/contract-file-store`);
  if (root === undefined) throw new Error('not a location');
  return {
    store: bucket.store().files,
    root,
    putFile: async (location, content) => await bucket.write(location, content),
    order: 'by-key',
  };
});
