import { Module } from '@nestjs/common';
import { ArtefactController } from './artefacts/artefact.controller.ts';
import { ArtefactService } from './artefacts/artefact.service.ts';
import { ForecastController } from './forecasts/forecast.controller.ts';
import { ForecastService } from './forecasts/forecast.service.ts';
import { ReportController } from './reports/report.controller.ts';
import { ReportService } from './reports/report.service.ts';
import { ClusterCheckService } from './clusters/cluster-check.service.ts';
import { ClusterController } from './clusters/cluster.controller.ts';
import { ClusterService } from './clusters/cluster.service.ts';
import { EventController } from './events/event.controller.ts';
import { EventStreamService } from './events/event-stream.service.ts';
import { ExecutorController } from './executors/executor.controller.ts';
import { HealthController } from './health/health.controller.ts';
import { IdempotencyInterceptor } from './http/idempotency.interceptor.ts';
import { MigrationCommandController } from './migrations/migration-command.controller.ts';
import { MigrationController } from './migrations/migration.controller.ts';
import { MigrationService } from './migrations/migration.service.ts';
import { OperationController } from './operations/operation.controller.ts';
import { RunCommandService } from './runs/run-command.service.ts';
import { RunController } from './runs/run.controller.ts';
import { TableController } from './tables/table.controller.ts';
import { TableService } from './tables/table.service.ts';

/** HTTP. Whoever imports it provides globally RUN_STORE, EXECUTOR_REGISTRY, OUTBOX, CLUSTER_GATEWAY, CONFIGURATION, CLOCK and IDS. */
@Module({
  controllers: [
    ClusterController,
    ExecutorController,
    MigrationController,
    MigrationCommandController,
    RunController,
    EventController,
    TableController,
    ArtefactController,
    ForecastController,
    ReportController,
    OperationController,
    HealthController,
  ],
  providers: [
    ArtefactService,
    ForecastService,
    ReportService,
    ClusterCheckService,
    ClusterService,
    EventStreamService,
    IdempotencyInterceptor,
    MigrationService,
    RunCommandService,
    TableService,
  ],
})
export class ApiModule {}
