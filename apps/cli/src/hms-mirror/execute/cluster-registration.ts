import { printHiveUri } from '@hiveferry/contracts';
import type { MirrorSide, SideName } from '../live/mirror-sides.ts';
import type { SideFacts } from '../live/record-data-set.ts';

/** A cluster as `POST /v1/clusters` takes it, and the secrets that it refers to, by the name of their environment variables. */
export interface Registration {
  readonly cluster: { readonly name: string };
  readonly secrets: Readonly<Record<string, string>>;
}

export type RegistrationReading =
  { readonly kind: 'registration'; readonly registration: Registration } | { readonly kind: 'impossible'; readonly reason: string };

export interface SideToRegister {
  readonly place: MirrorSide;
  readonly facts: SideFacts;
  /** `s3a://bucket` each. */
  readonly buckets: readonly string[];
  readonly hadoopCommand: string;
  /** AWS's own variables are there. */
  readonly hasAwsKeys: boolean;
}

export const clusterNameOf = (side: SideName): string => side.toLowerCase();

/** What the service must know of a cluster: HiveServer2 tells all of it. */
export function registrationOf(given: SideToRegister): RegistrationReading {
  const { place, facts } = given;
  const reason = whyUnspeakable(place) ?? whyImpossible(place.side, facts);
  if (reason !== undefined) return { kind: 'impossible', reason: `EXECUTE_NOT_AVAILABLE: clusters.${place.side}: ${reason}` };
  const stores = given.buckets.map((bucket) => storeOf(bucket, given));
  const password = `HIVEFERRY_${place.side}_PASSWORD`;
  const cluster = {
    name: clusterNameOf(place.side),
    hive: { version: facts.version, ...warehousesOf(facts.settings) },
    metastore: metastoreOf(facts.settings),
    hiveServer2: hiveServer2Of(place, password),
    hdfs: hdfsOf(place, facts.settings),
    ...(stores.length === 0 ? {} : { objectStores: stores.map(({ store }) => store) }),
    hadoop: { command: given.hadoopCommand },
  };
  const secrets: Record<string, string> = place.hive.password === undefined ? {} : { [password]: place.hive.password };
  for (const store of stores) Object.assign(secrets, store.secrets);
  return { kind: 'registration', registration: { cluster, secrets } };
}

/** What HiveServer2 must have said. */
function whyImpossible(side: SideName, { settings, version }: SideFacts): string | undefined {
  const namespace = settings.get('fs.defaultFS') ?? '';
  if (version === '') return 'HiveServer2 does not say its version (select version()); run the scripts of a dry run by hand';
  if (!namespace.startsWith('hdfs://')) {
    return `its default file system is ${namespace}: expected HDFS beside the bucket; run the scripts of a dry run by hand`;
  }
  if (webHdfsOf(namespace, settings) === undefined) return 'HiveServer2 does not say dfs.namenode.http-address, which WebHDFS needs';
  if (side === 'LEFT' || metastoreUriOf(settings) !== '') return undefined;
  return 'HiveServer2 does not say hive.metastore.uris, over which partitions are attached; run the scripts of a dry run by hand';
}

const metastoreUriOf = (settings: Settings): string => settings.get('hive.metastore.uris')?.split(',')[0]?.trim() ?? '';

function metastoreOf(settings: Settings): object {
  const uri = metastoreUriOf(settings);
  return uri === '' ? { reader: 'hiveserver2' } : { uri };
}

/** A registered cluster is kept: what only this command line knows cannot be part of it. */
function whyUnspeakable({ hive }: MirrorSide): string | undefined {
  if (hive.initFile !== undefined) return 'initFile of its uri is not run here: say settings of sessions in the uri, after ?';
  if (printHiveUri(hive) !== undefined) return undefined;
  return 'a setting of its sessions has ; ? or # in it, which does not fit into a uri: leave it out of connectionProperties';
}

function hiveServer2Of({ hive: { user = 'hive', password, ...place } }: MirrorSide, passwordName: string): object {
  return { uri: printHiveUri(place) ?? '', user, ...(password === undefined ? {} : { passwordRef: `env:${passwordName}` }) };
}

function hdfsOf({ hive: { user = 'hive' } }: MirrorSide, settings: Settings): object {
  const namespace = settings.get('fs.defaultFS') ?? '';
  const blockSize = Number(settings.get('dfs.blocksize'));
  return { namespace, webHdfsUri: webHdfsOf(namespace, settings), user, ...(blockSize >= 1_048_576 ? { blockSizeBytes: blockSize } : {}) };
}

/** Hive 3 of Apache has one warehouse for both unless it is told otherwise. */
export function warehousesOf(settings: Settings): { readonly managedWarehouse: string; readonly externalWarehouse: string } {
  const managedWarehouse = settings.get('hive.metastore.warehouse.dir') ?? '/user/hive/warehouse';
  const own = settings.get('hive.metastore.warehouse.external.dir') ?? '';
  return { managedWarehouse, externalWarehouse: own === '' ? managedWarehouse : own };
}

type Settings = SideFacts['settings'];

/** One address, or those of all NameNodes of a nameservice. */
function webHdfsOf(namespace: string, settings: Settings): string | undefined {
  const [scheme, key] =
    settings.get('dfs.http.policy') === 'HTTPS_ONLY' ? ['https', 'dfs.namenode.https-address'] : ['http', 'dfs.namenode.http-address'];
  const service = namespace.slice('hdfs://'.length).replace(/\/.*$/, '');
  const nodes = settings.get(`dfs.ha.namenodes.${service}`)?.split(',') ?? [];
  const addresses = nodes.length === 0 ? [settings.get(key)] : nodes.map((node) => settings.get(`${key}.${service}.${node.trim()}`));
  const known = addresses.filter((address) => address !== undefined && address !== '');
  if (known.length === 0) return undefined;
  const host = service.replace(/:\d+$/, '');
  return known.map((address) => `${scheme}://${address?.replace(/^0\.0\.0\.0:/, `${host}:`) ?? ''}`).join(',');
}

/** A bucket as the Hive of this side reaches it. */
function storeOf(namespace: string, { place: { side }, facts: { settings }, hasAwsKeys }: SideToRegister) {
  const bucket = namespace.slice('s3a://'.length);
  const setting = (key: string): string => settings.get(`fs.s3a.bucket.${bucket}.${key}`) ?? settings.get(`fs.s3a.${key}`) ?? '';
  const [endpoint, region] = [setting('endpoint'), setting('endpoint.region')];
  const [accessKey, secretKey] = [setting('access.key'), setting('secret.key')];
  const names = hasAwsKeys
    ? { access: 'AWS_ACCESS_KEY_ID', secret: 'AWS_SECRET_ACCESS_KEY' }
    : { access: `HIVEFERRY_${side}_ACCESS_KEY`, secret: `HIVEFERRY_${side}_SECRET_KEY` };
  const isOwn = !hasAwsKeys && accessKey !== '' && secretKey !== '';
  const store = {
    kind: 's3',
    namespace,
    ...(endpoint === '' ? {} : { endpoint: endpoint.includes('://') ? endpoint : `https://${endpoint}` }),
    ...(region === '' ? {} : { region }),
    pathStyle: setting('path.style.access') === 'true',
    ...(hasAwsKeys || isOwn ? { accessKeyRef: `env:${names.access}`, secretKeyRef: `env:${names.secret}` } : {}),
  };
  return { store, secrets: isOwn ? { [names.access]: accessKey, [names.secret]: secretKey } : {} };
}
