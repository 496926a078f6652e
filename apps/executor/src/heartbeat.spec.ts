import type { ExecutorRegistry, ExecutorSign } from '@hiveferry/ports';
import { expect, it } from 'vitest';
import type { ClaimLoopService } from './claim-loop.service.ts';
import { DEFAULT_EXECUTOR_OPTIONS } from './executor-options.ts';
import { HeartbeatService } from './heartbeat.service.ts';
import type { StepRunnerService } from './step-runner.service.ts';

it('says what the executor does, and how many steps others took over from it', async () => {
  const said = Promise.withResolvers<ExecutorSign>();
  const registry: Partial<ExecutorRegistry> = { beat: async (sign) => said.resolve(sign), leave: () => Promise.resolve() };
  const loop: Partial<ClaimLoopService> = { load: () => ({ running: 2, places: 8 }) };
  const runner: Partial<StepRunnerService> = { leasesLost: 3 };
  const heartbeat = new HeartbeatService(
    registry as ExecutorRegistry,
    { ...DEFAULT_EXECUTOR_OPTIONS, owner: 'me', cluster: 'left' },
    loop as ClaimLoopService,
    runner as StepRunnerService,
  );
  heartbeat.onApplicationBootstrap();
  expect(await said.promise).toMatchObject({ id: 'me', cluster: 'left', load: { running: 2, places: 8, leasesLost: 3 } });
  await heartbeat.beforeApplicationShutdown();
});
