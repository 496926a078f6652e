import type { Configuration } from '@hiveferry/contracts';
import { BUS_SERVER } from '@hiveferry/platform';
import { NestFactory } from '@nestjs/core';
import type { CustomStrategy } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import { httpAdapterOf, serveHttp } from '../../api/src/index.ts';
import { StandaloneModule } from './standalone.module.ts';

export interface Service {
  readonly url: string;
  readonly app: NestFastifyApplication;
  close(): Promise<void>;
}

/** Connects the database, brings its schema up to date, starts planner and executor, and serves HTTP. */
export async function listen(configuration: Configuration, databaseUrl: string): Promise<Service> {
  const module = StandaloneModule.register({ configuration, databaseUrl });
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its bag of options as a class that nobody makes.
  const app = await NestFactory.create<NestFastifyApplication>(module, httpAdapterOf(configuration), {
    bufferLogs: true,
    abortOnError: false,
    bodyParser: false,
  });
  app.useLogger(app.get(Logger));
  app.connectMicroservice<CustomStrategy>({ strategy: app.get(BUS_SERVER) }, { inheritAppConfig: false });
  await app.startAllMicroservices();
  const url = await serveHttp(app, configuration);
  return { url, app, close: async () => await app.close() };
}
