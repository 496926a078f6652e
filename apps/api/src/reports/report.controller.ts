import { Readable } from 'node:stream';
import { Uuid } from '@hiveferry/contracts';
import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Documented } from '../http/documented.ts';
import { ReportService } from './report.service.ts';

/** The page runs its own script and nothing else, as if it came from nowhere: it can neither ask the API nor read its cookies. */
const POLICY = "sandbox allow-scripts; default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

@ApiTags('Artefacts')
@Controller('v1/runs')
export class ReportController {
  private readonly reports: ReportService;

  constructor(reports: ReportService) {
    this.reports = reports;
  }

  @Get(':runId/report.html')
  @ApiOkResponse({ description: 'The report.', content: { 'text/html': { schema: { type: 'string' } } } })
  @Documented({
    summary: 'A run as one HTML page',
    description:
      'Summary, issues, each table with its decisions, copies, DDL side by side and proof; searchable. The file needs nothing else: it can be kept and sent.',
    status: 200,
    says: 'The report, as of now.',
    problems: [404],
  })
  async report(@Param('runId', { schema: Uuid }) runId: string, @Res() reply: FastifyReply): Promise<void> {
    const run = await this.reports.run(runId);
    void reply.header('content-type', 'text/html; charset=utf-8').header('content-security-policy', POLICY);
    await reply.send(Readable.from(this.reports.pieces(run), { objectMode: false }));
  }
}
