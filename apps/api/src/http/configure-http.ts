import { ProblemFilter } from '@hiveferry/platform';
import type { INestApplication } from '@nestjs/common';
import { serveOpenApi } from '../openapi/swagger-ui.ts';
import { IdempotencyInterceptor } from './idempotency.interceptor.ts';
import { RequestPipe } from './request.pipe.ts';

/** What every entry point that serves the API does after making the application. */
export function configureHttp(app: INestApplication): void {
  app.useGlobalPipes(new RequestPipe());
  app.useGlobalFilters(new ProblemFilter());
  app.useGlobalInterceptors(app.get(IdempotencyInterceptor));
  serveOpenApi(app);
}
