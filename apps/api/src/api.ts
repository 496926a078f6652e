import 'reflect-metadata';
import type { Configuration } from '@hiveferry/contracts';
import { runProcess } from '@hiveferry/platform';
import type { RunningProcess } from '@hiveferry/platform';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import { ApiProcessModule } from './api-process.module.ts';
import { httpAdapterOf } from './http/http-server.ts';
import { serveHttp } from './http/serve-http.ts';

export async function startApiProcess(): Promise<void> {
  await runProcess({ name: 'Hiveferry api', needs: ['FERRY_DATABASE_URL'], start });
}

async function start(configuration: Configuration): Promise<RunningProcess> {
  const { databaseUrl = '' } = configuration;
  const module = ApiProcessModule.register({ configuration, databaseUrl, applicationName: 'hiveferry-api' });
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its bag of options as a class that nobody makes.
  const app = await NestFactory.create<NestFastifyApplication>(module, httpAdapterOf(configuration), {
    bufferLogs: true,
    abortOnError: false,
    bodyParser: false,
  });
  app.useLogger(app.get(Logger));
  const url = await serveHttp(app, configuration);
  return { url, close: () => app.close() };
}
