export { ApiModule } from './api.module.ts';
export { serveHttp } from './http/serve-http.ts';
export { configureHttp } from './http/configure-http.ts';
export { httpAdapterOf } from './http/http-server.ts';
export { openApiDocument } from './openapi/document.ts';
export { offlineDocument } from './openapi/offline-document.ts';
