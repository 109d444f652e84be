import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/index.js';
import { DeploymentsModule } from '../deployments/index.js';
import { FlagsModule } from '../flags/index.js';
import { ParallelRunsModule } from '../parallel-runs/index.js';
import { HttpModule } from '../platform/http/http.module.js';
import { ProjectsModule } from '../projects/index.js';
import { SegmentsModule } from '../segments/index.js';
import { DeliveryMetrics } from './delivery-metrics.provider.js';
import { EvaluationTally } from './evaluation-tally.provider.js';
import { FlagdCallers } from './flagd/flagd-callers.provider.js';
import { FlagdConnectController } from './flagd/flagd-connect.controller.js';
import { FlagdDocumentsController } from './flagd/flagd-documents.controller.js';
import { FlagdDocuments } from './flagd/flagd-documents.service.js';
import { FlagdEvaluationGrpc } from './flagd/flagd-evaluation.grpc.js';
import { FlagdEvaluations } from './flagd/flagd-evaluations.service.js';
import { FlagdExports } from './flagd/flagd-exports.service.js';
import { FlagdSyncGrpc } from './flagd/flagd-sync.grpc.js';
import { FlagdSyncs } from './flagd/flagd-syncs.service.js';
import { OfrepController } from './ofrep.controller.js';
import { OfrepStreamController } from './ofrep-stream.controller.js';
import { SdkWireController } from './sdk-wire.controller.js';
import { SnapshotCache } from './snapshot-cache.service.js';
import { SnapshotSource } from './snapshot-source.js';
import { SseTickets } from './sse-tickets.service.js';
import { StoredSnapshots } from './stored-snapshots.service.js';
import { StreamCountsResolver } from './stream-counts.resolver.js';
import { StreamHub } from './stream-hub.service.js';

/** Snapshots, streams and evaluations for everything outside. The controllers are raw routes, hence providers. */
@Module({
  imports: [AuthModule, HttpModule, ProjectsModule, FlagsModule, SegmentsModule, DeploymentsModule, ParallelRunsModule],
  controllers: [FlagdDocumentsController],
  providers: [
    { provide: SnapshotSource, useClass: StoredSnapshots },
    SnapshotCache,
    StreamHub,
    EvaluationTally,
    DeliveryMetrics,
    StreamCountsResolver,
    SseTickets,
    SdkWireController,
    OfrepController,
    OfrepStreamController,
    FlagdCallers,
    FlagdEvaluations,
    FlagdEvaluationGrpc,
    FlagdDocuments,
    FlagdExports,
    FlagdSyncs,
    FlagdSyncGrpc,
    FlagdConnectController,
  ],
})
export class DeliveryModule {}
