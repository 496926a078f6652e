/** `npm run topics -- CLUSTER ...`: creates the topics of planners and of the executors of these clusters, where they are missing. */
import { createTopics } from '@hiveferry/adapters/kafka';
import { ClusterName, DEAD_LETTER_TOPIC, RUNS_TOPIC, TASK_KINDS, tasksTopic } from '@hiveferry/contracts';
import { configurationOrExit, endWithReason } from '@hiveferry/platform';
import { kafkaConnectionOf } from '@hiveferry/platform/modules';

const clusters = process.argv.slice(2);
const wrong = clusters.filter((name) => !ClusterName.safeParse(name).success);
if (wrong.length > 0) {
  process.stderr.write(`${wrong.join(', ')}: expected names of clusters\n`);
  process.exit(2);
}
const { kafka } = configurationOrExit(['FERRY_KAFKA_BROKERS']);
const topics = [RUNS_TOPIC, DEAD_LETTER_TOPIC, ...clusters.flatMap((cluster) => TASK_KINDS.map((kind) => tasksTopic(cluster, kind)))];
try {
  const created = kafka === undefined ? [] : await createTopics(await kafkaConnectionOf(kafka), topics);
  process.stdout.write(created.length === 0 ? 'All topics are there.\n' : `Created: ${created.join(', ')}\n`);
} catch (error) {
  endWithReason('The command', error);
}
