import { Cluster, ClusterBody, ClusterCheck, ClusterName, ClusterPage, ClusterSpec, PageQuery } from '@hiveferry/contracts';
import type { Page } from '@hiveferry/ports';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Documented, IdempotencyKey } from '../http/documented.ts';
import { ClusterCheckService } from './cluster-check.service.ts';
import { ClusterService } from './cluster.service.ts';

@ApiTags('Clusters')
@Controller('v1/clusters')
export class ClusterController {
  private readonly clusters: ClusterService;
  private readonly checks: ClusterCheckService;

  constructor(clusters: ClusterService, checks: ClusterCheckService) {
    this.clusters = clusters;
    this.checks = checks;
  }

  @Post()
  @IdempotencyKey()
  @Documented({ summary: 'Register a cluster', status: 201, answer: Cluster, says: 'Registered.', problems: [409, 413, 415, 422] })
  @ApiResponse({ status: 200, description: 'The same was registered already.', standardSchema: Cluster })
  async register(@Body({ schema: ClusterSpec }) spec: ClusterSpec, @Res({ passthrough: true }) reply: FastifyReply): Promise<Cluster> {
    const { cluster, isNew } = await this.clusters.register(spec);
    void reply.status(isNew ? 201 : 200).header('location', `/v1/clusters/${cluster.name}`);
    return cluster;
  }

  @Put(':name')
  @Documented({
    summary: 'Register or replace a cluster',
    status: 200,
    answer: Cluster,
    says: 'Replaced: its version counts up.',
    problems: [409, 413, 415, 422],
  })
  @ApiResponse({ status: 201, description: 'Registered.', standardSchema: Cluster })
  async replace(
    @Param('name', { schema: ClusterName }) name: string,
    @Body({ schema: ClusterBody }) body: ClusterBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Cluster> {
    const { cluster, isNew } = await this.clusters.replace(name, body);
    void reply.status(isNew ? 201 : 200);
    return cluster;
  }

  @Get()
  @Documented({ summary: 'List clusters', status: 200, answer: ClusterPage, says: 'A page, by name.' })
  async list(@Query({ schema: PageQuery }) page: PageQuery): Promise<Page<Cluster>> {
    return await this.clusters.list(page);
  }

  @Get(':name')
  @Documented({ summary: 'Get a cluster', status: 200, answer: Cluster, says: 'The cluster.', problems: [404] })
  async get(@Param('name', { schema: ClusterName }) name: string): Promise<Cluster> {
    return await this.clusters.get(name);
  }

  @Delete(':name')
  @HttpCode(204)
  @Documented({ summary: 'Remove a cluster', status: 204, says: 'Removed.', problems: [404, 409] })
  async remove(@Param('name', { schema: ClusterName }) name: string): Promise<void> {
    await this.clusters.remove(name);
  }

  @Post(':name\\:check')
  @HttpCode(200)
  @IdempotencyKey({ worksOutside: true })
  @Documented({
    summary: 'Check a cluster',
    description:
      'Tries metastore, HiveServer2, file system, object stores and Hadoop command, and compares what was registered with what Hive says. Writes and removes one directory below /tmp, and one in each bucket.',
    status: 200,
    answer: ClusterCheck,
    says: 'What answers and what does not; `ok` is true when all do.',
    problems: [404, 409, 422],
  })
  async check(@Param('name', { schema: ClusterName }) name: string): Promise<ClusterCheck> {
    const { connection } = await this.clusters.record(name);
    return await this.checks.check(connection);
  }
}
