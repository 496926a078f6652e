import { isObjectStore, namespaceOf, parseLocation, parseNamespace } from '@hiveferry/core';
import { z } from 'zod';
import { SecretReference } from '../text.ts';

const isHttpUri = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
const isBareUri = (text: string): boolean => URL.canParse(text) && new URL(text).username === '' && new URL(text).password === '';

/** A bucket that a cluster uses beside its HDFS. */
export const ObjectStore = z
  .strictObject({
    kind: z.literal('s3').meta({ description: 'S3, or a store that speaks its protocol.' }),
    namespace: z
      .string()
      .regex(/^s3a:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'expected s3a://bucket')
      .meta({ description: 'As locations of tables and Hadoop name the bucket.', example: 's3a://lake' }),
    endpoint: z
      .string()
      .refine(isHttpUri, 'expected http://host:port or https://host:port')
      .refine(isBareUri, 'expected an address without user and password')
      .exactOptional()
      .meta({ description: 'Absent: that of AWS for the region.', example: 'http://127.0.0.1:9000' }),
    region: z
      .string()
      .regex(/^[a-z0-9-]{1,64}$/, 'expected a region, such as eu-west-1')
      .default('us-east-1'),
    pathStyle: z
      .boolean()
      .default(false)
      .meta({ description: 'true: the bucket stands in the path instead of the host name, as most stores other than AWS want it.' }),
    accessKeyRef: SecretReference.exactOptional().meta({ description: 'Where the access key is found. Absent: the role of the machine.' }),
    secretKeyRef: SecretReference.exactOptional().meta({ description: 'Where the secret key is found.' }),
  })
  .refine(({ accessKeyRef, secretKeyRef }) => (accessKeyRef === undefined) === (secretKeyRef === undefined), {
    message: 'expected accessKeyRef and secretKeyRef, or neither',
    path: ['secretKeyRef'],
  })
  .meta({
    id: 'ObjectStoreSpec',
    description:
      'A bucket beside HDFS. DistCp and Hive do not use these keys: theirs are in their own Hadoop configuration. `:check` tells whether both reach the same bucket.',
  });

interface Places {
  readonly hive: { readonly managedWarehouse: string; readonly externalWarehouse: string };
  readonly objectStores?: readonly { readonly namespace: string }[] | undefined;
}

interface Problem {
  readonly path: (string | number)[];
  readonly message: string;
}

/** Buckets that are named twice, and warehouses in a bucket that is not named. */
export function problemsOfPlaces({ hive, objectStores = [] }: Places): readonly Problem[] {
  const names = objectStores.map(({ namespace }) => namespace);
  const repeated = names.flatMap((name, index) =>
    names.indexOf(name) === index ? [] : [{ path: ['objectStores', index, 'namespace'], message: 'expected each bucket once' }],
  );
  const unknown = (['managedWarehouse', 'externalWarehouse'] as const).flatMap((key) => {
    const location = parseLocation(hive[key], parseNamespace('hdfs://default'));
    const bucket = location === undefined ? undefined : namespaceOf(location);
    if (bucket === undefined || !isObjectStore(bucket) || names.includes(bucket)) return [];
    return [{ path: ['hive', key], message: `expected ${bucket} among objectStores` }];
  });
  return [...repeated, ...unknown];
}
