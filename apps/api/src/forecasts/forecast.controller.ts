import { Forecast, ForecastQuery, Uuid } from '@hiveferry/contracts';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Documented } from '../http/documented.ts';
import { ForecastService } from './forecast.service.ts';

@ApiTags('Runs')
@Controller('v1/runs')
export class ForecastController {
  private readonly forecasts: ForecastService;

  constructor(forecasts: ForecastService) {
    this.forecasts = forecasts;
  }

  @Get(':runId/forecast')
  @Documented({
    summary: 'How long the copies of a plan will take',
    description: 'Files, bytes, copies and time on each target, from the statistics of the metastore and what is assumed of the link.',
    status: 200,
    answer: Forecast,
    says: 'Totals of the plan, and what they rest on.',
    problems: [404, 422],
  })
  async get(@Param('runId', { schema: Uuid }) runId: string, @Query({ schema: ForecastQuery }) query: ForecastQuery): Promise<Forecast> {
    return await this.forecasts.of(runId, query);
  }
}
