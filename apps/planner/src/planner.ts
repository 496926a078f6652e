import 'reflect-metadata';
import { runProcess } from '@hiveferry/platform';
import { startWorker } from '@hiveferry/platform/modules';
import { PlannerProcessModule } from './planner-process.module.ts';

export async function startPlannerProcess(): Promise<void> {
  await runProcess({
    name: 'Hiveferry planner',
    needs: ['FERRY_DATABASE_URL', 'FERRY_KAFKA_BROKERS'],
    start: (configuration) => {
      const { databaseUrl = '' } = configuration;
      const module = PlannerProcessModule.register({ configuration, databaseUrl, applicationName: 'hiveferry-planner' });
      return startWorker(module, configuration);
    },
  });
}
