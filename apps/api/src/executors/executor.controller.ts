import { ExecutorPage, PageQuery } from '@hiveferry/contracts';
import { EXECUTOR_REGISTRY, OUTBOX } from '@hiveferry/platform';
import type { ExecutorRegistry, Outbox } from '@hiveferry/ports';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Documented } from '../http/documented.ts';

@ApiTags('Executors')
@Controller('v1/executors')
export class ExecutorController {
  private readonly registry: ExecutorRegistry;
  private readonly outbox: Outbox;

  constructor(@Inject(EXECUTOR_REGISTRY) registry: ExecutorRegistry, @Inject(OUTBOX) outbox: Outbox) {
    this.registry = registry;
    this.outbox = outbox;
  }

  @Get()
  @Documented({ summary: 'List executors', status: 200, answer: ExecutorPage, says: 'A page, by cluster and id.' })
  async list(@Query({ schema: PageQuery }) page: PageQuery): Promise<ExecutorPage> {
    const { items, nextPageToken } = await this.registry.list(page);
    const heldTopics = await this.outbox.heldTopics();
    return {
      items: [...items],
      ...(heldTopics.length > 0 && { heldTopics: [...heldTopics] }),
      ...(nextPageToken !== undefined && { nextPageToken }),
    };
  }
}
