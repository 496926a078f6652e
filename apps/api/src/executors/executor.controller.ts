import type { Executor } from '@hiveferry/contracts';
import { ExecutorPage, PageQuery } from '@hiveferry/contracts';
import { EXECUTOR_REGISTRY } from '@hiveferry/platform';
import type { ExecutorRegistry, Page } from '@hiveferry/ports';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Documented } from '../http/documented.ts';

@ApiTags('Executors')
@Controller('v1/executors')
export class ExecutorController {
  private readonly registry: ExecutorRegistry;

  constructor(@Inject(EXECUTOR_REGISTRY) registry: ExecutorRegistry) {
    this.registry = registry;
  }

  @Get()
  @Documented({ summary: 'List executors', status: 200, answer: ExecutorPage, says: 'A page, by cluster and id.' })
  async list(@Query({ schema: PageQuery }) page: PageQuery): Promise<Page<Executor>> {
    return await this.registry.list(page);
  }
}
