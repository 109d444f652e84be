import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import {
  LoadReportingService,
  type LoadStatsRequest,
  type LoadStatsResponseSchema,
} from '../../platform/grpc/generated/envoy/service/load_stats/v3/lrs_pb.js';
import { GrpcServices } from '../../platform/grpc/grpc-services.js';
import { grpcService } from '../../platform/grpc/service-definition.js';
import { serveAdmitted } from './admitted-stream.adapter.js';
import { type XdsAccess, XdsAccesses } from './xds-access.provider.js';
import { XdsLoads } from './xds-loads.service.js';

type Answer = MessageInitShape<typeof LoadStatsResponseSchema>;
type Stream = ServerDuplexStream<LoadStatsRequest, Answer>;

/** How often clients report: often enough for a step of a minute to be judged, seldom enough for a thousand of them. */
const REPORT_SECONDS = 2n;

/** envoy.service.load_stats.v3: clients say how many requests they sent to which cluster. */
@Injectable()
export class LoadReports implements OnModuleInit {
  private readonly logger = new Logger('Xds');

  constructor(
    private readonly services: GrpcServices,
    private readonly accesses: XdsAccesses,
    private readonly loads: XdsLoads,
  ) {}

  onModuleInit(): void {
    this.services.add(grpcService(LoadReportingService, { streamLoadStats: (stream) => this.open(stream) }));
  }

  private open(stream: Stream): void {
    let access: XdsAccess | undefined;
    serveAdmitted<LoadStatsRequest, Answer>(stream, {
      logger: this.logger,
      accesses: this.accesses,
      begin: (admitted) => {
        access = admitted;
        // All of them: clients of gRPC leave the first of a list out (grpc-js-xds 1.14).
        stream.write({ sendAllClusters: true, loadReportingInterval: { seconds: REPORT_SECONDS } });
      },
      take: ({ clusterStats }) => {
        if (access === undefined) return;
        for (const { clusterName, upstreamLocalityStats } of clusterStats) {
          const requests = upstreamLocalityStats.reduce((sum, each) => sum + each.totalIssuedRequests, 0n);
          this.loads.count(access, clusterName, Number(requests));
        }
      },
      end: () => undefined,
    });
  }
}
