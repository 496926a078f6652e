import 'reflect-metadata';
import { runProcess } from '@hiveferry/platform';
import { startWorker } from '@hiveferry/platform/modules';
import { ExecutorProcessModule } from './executor-process.module.ts';

export async function startExecutorProcess(): Promise<void> {
  await runProcess({
    name: 'Hiveferry executor',
    needs: ['FERRY_DATABASE_URL', 'FERRY_KAFKA_BROKERS', 'FERRY_CLUSTER'],
    start: (configuration) => {
      const { databaseUrl = '', cluster = '' } = configuration;
      const applicationName = `hiveferry-executor-${cluster}`;
      return startWorker(ExecutorProcessModule.register({ configuration, databaseUrl, applicationName, cluster }), configuration);
    },
  });
}
