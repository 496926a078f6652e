import { CLUSTER_PARTS } from '@hiveferry/contracts';
import type { ClusterCheck, ClusterCheckPart, Configuration } from '@hiveferry/contracts';
import { MigrationError, below, locate } from '@hiveferry/core';
import { CLOCK, CLUSTER_GATEWAY, CONFIGURATION } from '@hiveferry/platform';
import type { Clock, ClusterClient, ClusterConnection, ClusterGateway } from '@hiveferry/ports';
import { Inject, Injectable } from '@nestjs/common';
import { ADVICE_OF_PART } from './cluster-advice.ts';
import { hiveFactsOf } from './hive-facts.ts';
import { probeObjectStores } from './object-store-probe.ts';

type PartName = (typeof CLUSTER_PARTS)[number];
type Probe = (client: ClusterClient) => Promise<string>;

/** Tries every part of a cluster at once, each with its own time-out; one that fails hides none of the others. */
@Injectable()
export class ClusterCheckService {
  private readonly gateway: ClusterGateway;
  private readonly configuration: Configuration;
  private readonly clock: Clock;
  private readonly probes: Readonly<Record<PartName, Probe>>;

  constructor(
    @Inject(CLUSTER_GATEWAY) gateway: ClusterGateway,
    @Inject(CONFIGURATION) configuration: Configuration,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.gateway = gateway;
    this.configuration = configuration;
    this.clock = clock;
    this.probes = {
      metastore: listDatabases,
      hiveServer2: askHive,
      fileSystem: (client) => writeAndDelete(client, clock.now().getTime()),
      objectStores: (client) => probeObjectStores(client, clock.now().getTime()),
      hadoopCommand: (client) => client.hadoopVersion(),
      hiveFacts: hiveFactsOf,
    };
  }

  async check(connection: ClusterConnection): Promise<ClusterCheck> {
    const client = this.gateway.connect(connection);
    try {
      const parts = await Promise.all(CLUSTER_PARTS.map((name) => this.part(name, client)));
      return { cluster: connection.facts.name, ok: parts.every((part) => part.ok), checkedAt: this.clock.now().toISOString(), parts };
    } finally {
      // What hangs is not waited for: the answer has been given.
      void client.close().catch(() => undefined);
    }
  }

  private async part(name: PartName, client: ClusterClient): Promise<ClusterCheckPart> {
    const started = performance.now();
    const took = (): number => Math.round(performance.now() - started);
    try {
      const message = await within(this.configuration.checkSeconds, this.probes[name](client));
      return { name, ok: true, message, durationMs: took() };
    } catch (error) {
      const code = error instanceof MigrationError ? error.code : 'CHECK_FAILED';
      const message = error instanceof Error ? error.message : String(error);
      return { name, ok: false, code, message, advice: adviceFor(name, error), durationMs: took() };
    }
  }
}

async function listDatabases({ metastore }: ClusterClient): Promise<string> {
  const names = await metastore.databaseNames();
  return countOf(names);
}

async function askHive({ hive }: ClusterClient): Promise<string> {
  const session = await hive.openSession();
  try {
    const rows = await session.query('show databases');
    return `a session opens and shows ${countOf(rows)}`;
  } finally {
    await session.close();
  }
}

const countOf = ({ length }: readonly unknown[]): string => (length === 1 ? '1 database' : `${length} databases`);

async function writeAndDelete({ files, facts }: ClusterClient, id: number): Promise<string> {
  const root = locate(facts.namespace, []);
  if ((await files.status(root)) === undefined) throw new Error(`${root} does not exist`);
  const probe = below(root, ['tmp', `hiveferry-check-${id}`]);
  await files.makeDirectory(probe);
  await files.remove(probe);
  return `${root} answers; ${probe} was made and removed`;
}

async function within(seconds: number, work: Promise<string>): Promise<string> {
  const { promise: late, reject } = Promise.withResolvers<string>();
  const timer = setTimeout(() => {
    reject(
      new MigrationError('CHECK_TIMED_OUT', `no answer within ${seconds} s`, { category: 'environment', retry: 'later', subject: 'check' }),
    );
  }, seconds * 1000);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function adviceFor(name: PartName, error: unknown): string {
  const advice = error instanceof MigrationError ? error.detail['advice'] : undefined;
  return typeof advice === 'string' ? advice : ADVICE_OF_PART[name];
}
