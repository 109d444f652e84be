import { type DynamicModule, Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import { AuditModule } from './audit/index.js';
import { AuthModule, CallerDoor, RequestAdmission } from './auth/index.js';
import { BackupsModule } from './backups/index.js';
import { DeliveryModule } from './delivery/index.js';
import { DeploymentsModule } from './deployments/index.js';
import { EventsModule } from './events/index.js';
import { FlagsModule } from './flags/index.js';
import { GuardrailsModule } from './guardrails/index.js';
import { NotificationsModule } from './notifications/index.js';
import { ParallelRunsModule } from './parallel-runs/index.js';
import { BusModule } from './platform/bus/bus.module.js';
import type { Config } from './platform/config/config.js';
import { graphqlOptions } from './platform/graphql/graphql-options.js';
import { GraphqlSockets } from './platform/graphql/graphql-sockets.service.js';
import { SocketDoor } from './platform/graphql/socket-door.js';
import { GrpcModule } from './platform/grpc/grpc.module.js';
import { HealthModule } from './platform/health/health.module.js';
import { HttpModule } from './platform/http/http.module.js';
import { JobsModule } from './platform/jobs/jobs.module.js';
import { RateLimitsModule } from './platform/limits/rate-limits.module.js';
import { MetricsModule } from './platform/metrics/metrics.module.js';
import { OutboxModule } from './platform/outbox/outbox.module.js';
import { PlatformModule } from './platform/platform.module.js';
import { PrismaModule } from './platform/prisma/prisma.module.js';
import { ShutdownModule } from './platform/shutdown/shutdown.module.js';
import { TracingModule } from './platform/tracing/tracing.module.js';
import { PoliciesModule } from './policies/index.js';
import { ProjectsModule } from './projects/index.js';
import { ReleasesModule } from './releases/index.js';
import { RolloutsModule } from './rollouts/index.js';
import { TelemetryModule } from './telemetry/index.js';
import { SegmentsModule } from './segments/index.js';
import { TrafficModule } from './traffic/index.js';

/** The one wiring list. */
@Module({})
export class AppModule {
  static with(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.with(config),
        MetricsModule,
        TracingModule,
        PrismaModule,
        BusModule,
        JobsModule,
        RateLimitsModule,
        OutboxModule,
        HttpModule,
        HealthModule,
        ShutdownModule,
        GrpcModule,
        AuditModule,
        ProjectsModule,
        AuthModule,
        EventsModule,
        TelemetryModule,
        SegmentsModule,
        FlagsModule,
        ParallelRunsModule,
        DeploymentsModule,
        PoliciesModule,
        GuardrailsModule,
        RolloutsModule,
        ReleasesModule,
        DeliveryModule,
        NotificationsModule,
        TrafficModule,
        BackupsModule,
        GraphQLModule.forRootAsync<MercuriusDriverConfig>({
          driver: MercuriusDriver,
          imports: [AuthModule],
          inject: [RequestAdmission],
          useFactory: (admission: RequestAdmission) =>
            graphqlOptions((request, reply) => admission.admit(request, reply)),
        }),
      ],
      providers: [GraphqlSockets, { provide: SocketDoor, useExisting: CallerDoor }],
    };
  }
}
