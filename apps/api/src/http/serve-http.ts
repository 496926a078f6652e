import type { Configuration } from '@hiveferry/contracts';
import { portFault } from '@hiveferry/platform';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { configureHttp } from './configure-http.ts';

/** Serves the API of a made application; when it cannot, the application is closed. */
export async function serveHttp(app: NestFastifyApplication, { http: { host, port } }: Configuration): Promise<string> {
  configureHttp(app);
  try {
    await app.listen(port, host);
  } catch (error) {
    await app.close();
    throw portFault(error, host, port);
  }
  return await app.getUrl();
}
