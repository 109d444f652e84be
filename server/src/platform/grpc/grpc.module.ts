import { Global, Module } from '@nestjs/common';
import { GrpcHealth } from './grpc-health.grpc.js';
import { GrpcMetrics } from './grpc-metrics.provider.js';
import { GrpcServer } from './grpc-server.adapter.js';
import { GrpcServices } from './grpc-services.js';

/** The gRPC port. Modules add their services to it. Who watches its health hears of a shutdown before it is cut off. */
@Global()
@Module({ providers: [GrpcServices, GrpcHealth, GrpcServer, GrpcMetrics], exports: [GrpcServices] })
export class GrpcModule {}
