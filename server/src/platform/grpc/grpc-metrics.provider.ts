import { ResponderBuilder, ServerInterceptingCall, type ServerInterceptor, status } from '@grpc/grpc-js';
import { Injectable } from '@nestjs/common';
import { Metrics } from '../metrics/metrics.js';
import { Tally } from '../metrics/tally.js';

/** Counts the calls of the gRPC port. Only methods that there are come by: others are refused before. */
@Injectable()
export class GrpcMetrics {
  private readonly calls = new Tally<{ readonly method: string; readonly code: string }>();

  constructor(metrics: Metrics) {
    metrics.add(
      {
        sluice_grpc_calls_total: {
          type: 'counter',
          help: 'Calls of gRPC methods that this replica ended, by status; streams among them, when they end.',
        },
      },
      () => ({ sluice_grpc_calls_total: this.calls.samples() }),
    );
  }

  /** Sees the status of every call on its way out. */
  readonly interceptor: ServerInterceptor = ({ path }, call) => {
    const responder = new ResponderBuilder().withSendStatus((ended, next) => {
      this.calls.cell({ method: path, code: status[ended.code] ?? String(ended.code) }).count += 1;
      next(ended);
    });
    return new ServerInterceptingCall(call, responder.build());
  };
}
