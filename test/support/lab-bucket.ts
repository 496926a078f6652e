/** The bucket of the lab's S3: the product's store on it, and what a person or a fault does to objects behind the product's back. */
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createS3Store } from '@hiveferry/adapters/s3';
import type { S3Keys, S3Store, S3StoreOptions } from '@hiveferry/adapters/s3';
import { namespaceOf, parseNamespace, partsOf } from '@hiveferry/core';
import type { Location, Namespace } from '@hiveferry/core';
import { readLab } from '../../lab/src/index.ts';

export class LabBucket {
  readonly namespace: Namespace;
  readonly endpoint: string;
  readonly keys: S3Keys;
  readonly #client: S3Client;

  constructor() {
    const { endpoint, accessKey, secretKey, bucket } = readLab().s3;
    const namespace = parseNamespace(`s3a://${bucket}`);
    if (namespace === undefined) throw new Error(`not a bucket: ${bucket}`);
    this.namespace = namespace;
    this.endpoint = endpoint;
    this.keys = { accessKeyId: accessKey, secretAccessKey: secretKey };
    this.#client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials: this.keys });
  }

  store(changes: Partial<S3StoreOptions> = {}): S3Store {
    const { namespace, endpoint } = this;
    return createS3Store({ namespace, endpoint, region: 'us-east-1', pathStyle: true, keys: async () => this.keys, ...changes });
  }

  async write(location: Location, content: string | Uint8Array): Promise<void> {
    await this.#client.send(new PutObjectCommand({ ...this.#placeOf(location), Body: content }));
  }

  async read(location: Location): Promise<Uint8Array> {
    const { Body } = await this.#client.send(new GetObjectCommand(this.#placeOf(location)));
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  }

  /** Changes one byte in the middle: the size stays, and an object store has no checksum that tells. */
  async flipByte(location: Location): Promise<void> {
    const content = await this.read(location);
    const middle = Math.floor(content.length / 2);
    content[middle] = (content[middle] ?? 0) ^ 1;
    await this.write(location, content);
  }

  #placeOf(location: Location): { readonly Bucket: string; readonly Key: string } {
    return { ...this.#bucket(namespaceOf(location)), Key: partsOf(location).segments.join('/') };
  }

  #bucket(namespace: Namespace): { readonly Bucket: string } {
    return { Bucket: namespace.slice('s3a://'.length) };
  }
}
