import { CLOCK, CLUSTER_GATEWAY, CONFIGURATION, EXECUTOR_REGISTRY, OUTBOX, RUN_STORE, systemClock } from '@hiveferry/platform';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { OpenAPIObject } from '@nestjs/swagger';
import { ApiModule } from '../api.module.ts';
import { FerryFastifyAdapter } from '../http/ferry-fastify.adapter.ts';
import { openApiDocument } from './document.ts';

@Module({})
class DescribedApiModule {}

/** The document without a database or a cluster: routes are read from the controllers and never called. */
export async function offlineDocument(): Promise<OpenAPIObject> {
  const providers = [RUN_STORE, EXECUTOR_REGISTRY, OUTBOX, CLUSTER_GATEWAY, CONFIGURATION].map((provide) => ({ provide, useValue: {} }));
  const all = [...providers, { provide: CLOCK, useValue: systemClock }];
  const module = {
    module: DescribedApiModule,
    global: true,
    providers: all,
    exports: all.map(({ provide }) => provide),
    imports: [ApiModule],
  };
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its bag of options as a class that nobody makes.
  const app = await NestFactory.create(module, new FerryFastifyAdapter(), { logger: false, abortOnError: false });
  return openApiDocument(app);
}
