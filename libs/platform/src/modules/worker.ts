import type { Configuration } from '@hiveferry/contracts';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { CustomStrategy } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import { portFault } from '../port-fault.ts';
import type { RunningProcess } from '../process.ts';
import { BUS_SERVER } from '../tokens.ts';

/** Starts a process that serves messages; over HTTP it answers probes only. */
export async function startWorker(module: DynamicModule, { http: { host, port } }: Configuration): Promise<RunningProcess> {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its bag of options as a class that nobody makes.
  const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter({ forceCloseConnections: true }), {
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(Logger));
  app.connectMicroservice<CustomStrategy>({ strategy: app.get(BUS_SERVER) }, { inheritAppConfig: false });
  try {
    await app.startAllMicroservices();
    await app.listen(port, host);
  } catch (error) {
    await app.close().catch(() => undefined);
    throw portFault(error, host, port);
  }
  return { url: await app.getUrl(), close: () => app.close() };
}
