import { MemoryBus, MemoryBusServer } from '@hiveferry/adapters/memory';
import { Global, Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { BUS_SERVER, TASK_BUS } from '../tokens.ts';

/** The bus within one process. */
@Global()
@Module({})
export class MemoryBusModule {
  static register(): DynamicModule {
    const bus = new MemoryBus();
    const providers = [
      { provide: TASK_BUS, useValue: bus },
      { provide: BUS_SERVER, useValue: new MemoryBusServer(bus) },
    ];
    return { module: MemoryBusModule, providers, exports: providers };
  }
}
