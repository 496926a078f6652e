import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';

/**
 * Speaks our two path forms to Fastify's router, which has its own signs for them; the OpenAPI document keeps ours.
 * `:id\:verb` is a parameter that ends at a colon (find-my-way wants a pattern and a doubled colon); `*path` is the rest (it wants a bare star).
 */
export class FerryFastifyAdapter extends FastifyAdapter {
  override get(...args: unknown[]): FastifyInstance {
    return super.get(...routed(args));
  }

  override post(...args: unknown[]): FastifyInstance {
    return super.post(...routed(args));
  }
}

/** @returns the path as find-my-way writes it */
function routerPath(path: string): string {
  return path.replace(/:(\w+)\\:/g, ':$1(^[^/:]+)::').replace(/\/\*\w+$/, '/*');
}

function routed([path, ...rest]: readonly unknown[]): readonly unknown[] {
  return [typeof path === 'string' ? routerPath(path) : path, ...rest];
}
