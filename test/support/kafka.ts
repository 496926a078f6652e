/** Kafka for the medium suites that need one: each starts it for itself, and says where it is from. */
import { kafkaAnswers, startOwnKafka } from './own-kafka.ts';
import { startTestServer } from './test-servers.ts';

export interface TestKafka {
  readonly brokers: string;
  /** What it is, for people. */
  readonly origin: string;
  stop(): Promise<void>;
}

/** The image that `docker-compose.yml` uses too; `HIVEFERRY_TEST_KAFKA_IMAGE` names another. */
const KAFKA_IMAGE = 'apache/kafka:4.1.1';
const PORT = 9092;
const START = '/tmp/start-with-address.sh';

const SETTINGS = {
  KAFKA_NODE_ID: '1',
  KAFKA_PROCESS_ROLES: 'broker,controller',
  KAFKA_LISTENERS: `PLAINTEXT://:${String(PORT)},CONTROLLER://:9093`,
  KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
  KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
  KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
  KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
  KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '5',
  KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
  KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
  KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR: '1',
  KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR: '1',
  KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
} as const;

/** `HIVEFERRY_TEST_KAFKA_BROKERS`, else a container or a broker of the lab's jars, as `HIVEFERRY_TEST_SERVERS` says. */
export async function startTestKafka(): Promise<TestKafka> {
  const kafka = await (givenKafka() ?? startTestServer('Kafka', { container: startContainer, local: startLocal }));
  console.log(`medium suites: ${kafka.origin}`);
  return kafka;
}

function givenKafka(): TestKafka | undefined {
  const brokers = process.env['HIVEFERRY_TEST_KAFKA_BROKERS'];
  if (brokers === undefined) return undefined;
  return { brokers, origin: 'HIVEFERRY_TEST_KAFKA_BROKERS', stop: () => Promise.resolve() };
}

/** A broker tells its clients its address, and the port is known only when the container is there: it waits for the script that says it. */
async function startContainer(): Promise<TestKafka> {
  const image = process.env['HIVEFERRY_TEST_KAFKA_IMAGE'] ?? KAFKA_IMAGE;
  const { GenericContainer, Wait } = await import('testcontainers');
  const container = await new GenericContainer(image)
    .withExposedPorts(PORT)
    .withEnvironment(SETTINGS)
    .withEntrypoint(['sh', '-c'])
    .withCommand([`echo waits for its address; while [ ! -f ${START} ]; do sleep 0.1; done; exec sh ${START}`])
    .withWaitStrategy(Wait.forLogMessage('waits for its address'))
    .start();
  const stop = async (): Promise<void> => {
    await container.stop();
  };
  const brokers = `${container.getHost()}:${String(container.getMappedPort(PORT))}`;
  const script = `export KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://${brokers}\nexec /etc/kafka/docker/run\n`;
  await container.copyContentToContainer([{ content: script, target: START }]);
  try {
    await kafkaAnswers(brokers);
  } catch (error) {
    await stop();
    throw error;
  }
  return { brokers, origin: `container of ${image}`, stop };
}

async function startLocal(): Promise<TestKafka> {
  const kafka = await startOwnKafka();
  return { brokers: kafka.brokers, origin: "Kafka of this machine, from the lab's jars", stop: () => kafka.close() };
}
