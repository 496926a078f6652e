import { ArtefactList, Uuid } from '@hiveferry/contracts';
import type { Artefact } from '@hiveferry/contracts';
import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiOkResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Documented } from '../http/documented.ts';
import { archiveOf } from './archive.ts';
import { ArtefactService } from './artefact.service.ts';
import { ARTEFACT_MEDIA_TYPES, mediaTypeOf } from './media-type.ts';

@ApiTags('Artefacts')
@Controller('v1/runs')
export class ArtefactController {
  private readonly artefacts: ArtefactService;

  constructor(artefacts: ArtefactService) {
    this.artefacts = artefacts;
  }

  @Get(':runId/artefacts')
  @Documented({
    summary: 'Files of a plan',
    description:
      'Per database: the DistCp lists, script, plans and workbook, the HiveQL of each side, report and run book; per target: the request as it was planned, and the state of the run. People can review them, or run them by hand.',
    status: 200,
    answer: ArtefactList,
    says: 'What there is.',
    problems: [404],
  })
  async list(@Param('runId', { schema: Uuid }) runId: string): Promise<{ readonly items: readonly Artefact[] }> {
    return { items: await this.artefacts.list(runId) };
  }

  @Get(':runId/artefacts.tar.gz')
  @ApiOkResponse({ description: 'The archive.', content: { 'application/gzip': { schema: { type: 'string', format: 'binary' } } } })
  @Documented({ summary: 'All files of a plan as an archive', status: 200, says: 'The archive.', problems: [404] })
  async archive(@Param('runId', { schema: Uuid }) runId: string, @Res() reply: FastifyReply): Promise<void> {
    const run = await this.artefacts.run(runId);
    const folder = `hiveferry-${runId}`;
    void reply.header('content-type', 'application/gzip').header('content-disposition', `attachment; filename="${folder}.tar.gz"`);
    await reply.send(archiveOf(this.artefacts.all(runId), { folder, modifiedAt: new Date(run.createdAt) }));
  }

  @Get(':runId/artefacts/*path')
  @ApiParam({ name: 'path', description: 'As the list says it.', example: 'sales_distcp_plans.yaml' })
  @ApiOkResponse({
    description: 'The file.',
    content: Object.fromEntries(ARTEFACT_MEDIA_TYPES.map((type) => [type, { schema: { type: 'string' } }])),
  })
  @Documented({ summary: 'One file of a plan', status: 200, says: 'The file.', problems: [404] })
  async one(@Param('runId', { schema: Uuid }) runId: string, @Param('*') path: string, @Res() reply: FastifyReply): Promise<void> {
    const { content } = await this.artefacts.one(runId, path);
    void reply.header('content-type', mediaTypeOf(path)).header('content-security-policy', "default-src 'none'");
    await reply.send(content);
  }
}
