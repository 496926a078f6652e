import type { Configuration } from '@hiveferry/contracts';
import { MigrationError } from '@hiveferry/core';
import { NestFactory } from '@nestjs/core';
import type { CustomStrategy } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import { configureHttp, httpAdapterOf } from '../../api/src/index.ts';
import { BUS_SERVER } from './bus-server.token.ts';
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
  configureHttp(app);
  app.connectMicroservice<CustomStrategy>({ strategy: app.get(BUS_SERVER) }, { inheritAppConfig: false });
  await app.startAllMicroservices();
  const { host, port } = configuration.http;
  try {
    await app.listen(port, host);
  } catch (error) {
    await app.close();
    throw portFault(error, host, port);
  }
  return { url: await app.getUrl(), app, close: async () => await app.close() };
}

function portFault(error: unknown, host: string, port: number): unknown {
  if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) return error;
  const message = `${host}:${port} is in use. Stop what listens there, or set FERRY_HTTP_PORT to another port (0 takes a free one).`;
  return new MigrationError('PORT_IN_USE', message, { category: 'environment', retry: 'operator', subject: String(port) });
}
