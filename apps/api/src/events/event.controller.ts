import { Readable } from 'node:stream';
import { Uuid } from '@hiveferry/contracts';
import { RequestInvalid } from '@hiveferry/platform';
import { Controller, Get, Headers, Param, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Documented } from '../http/documented.ts';
import { RunCommandService } from '../runs/run-command.service.ts';
import { EventStreamService } from './event-stream.service.ts';

const EXAMPLE =
  'id: 42\nevent: table\ndata: {"sequence":"42","runId":"01939b6e-6f4e-7cc0-8a51-0d5f5b6c7d8e","at":"2026-11-21T09:30:00.000Z","type":"table","data":{"table":"sales.orders","state":"VERIFIED"}}\n\n';

@ApiTags('Runs')
@Controller('v1/runs')
export class EventController {
  private readonly commands: RunCommandService;
  private readonly stream: EventStreamService;

  constructor(commands: RunCommandService, stream: EventStreamService) {
    this.commands = commands;
    this.stream = stream;
  }

  @Get(':runId/events')
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'Go on after this event; browsers send it by themselves.',
    schema: { type: 'string', pattern: '^\\d+$' },
  })
  @ApiOkResponse({
    description: 'Frames with `id`, `event` (run, table, step, end) and JSON `data`.',
    content: { 'text/event-stream': { schema: { type: 'string' }, example: EXAMPLE } },
  })
  @ApiResponse({ status: 204, description: 'The run has ended and all its events were received: do not come back.' })
  @Documented({
    summary: 'Events of a run, live',
    description: 'Server-sent events: every change of state of the run, its tables and steps, in order. Ends with the run.',
    status: 200,
    says: 'The stream.',
    problems: [404],
  })
  async events(
    @Param('runId', { schema: Uuid }) runId: string,
    @Headers('last-event-id') last: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (last !== undefined && !/^\d{1,19}$/.test(last)) {
      throw new RequestInvalid([{ pointer: 'Last-Event-ID', code: 'invalid_header', message: 'expected the id of an event' }]);
    }
    await this.commands.run(runId);
    if (last !== undefined && (await this.stream.isOver(runId, last))) {
      await reply.status(204).send();
      return;
    }
    void reply
      .header('content-type', 'text/event-stream; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('x-accel-buffering', 'no');
    await reply.send(Readable.from(this.stream.frames(runId, last ?? '0')));
  }
}
