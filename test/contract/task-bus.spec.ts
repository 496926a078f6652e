import { MemoryBus, MemoryBusServer } from '@hiveferry/adapters/memory';
import { consume } from './task-bus-consumer.ts';
import { taskBusContract } from './task-bus.contract.ts';

taskBusContract('in process', async () => {
  const bus = new MemoryBus();
  const server = new MemoryBusServer(bus);
  const received = await consume(server, ['hiveferry.runs', 'hiveferry.tasks.edge.distcp']);
  return { bus, received, close: async () => server.close() };
});
