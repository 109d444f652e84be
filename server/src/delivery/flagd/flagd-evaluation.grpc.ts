import type { handleUnaryCall } from '@grpc/grpc-js';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Service as ServiceV1 } from '../../platform/grpc/generated/flagd/evaluation/v1/evaluation_pb.js';
import { Service as ServiceV2 } from '../../platform/grpc/generated/flagd/evaluation/v2/evaluation_pb.js';
import { answerStream, answerUnary } from '../../platform/grpc/grpc-calls.js';
import { GrpcServices } from '../../platform/grpc/grpc-services.js';
import { grpcService, writtenOnce } from '../../platform/grpc/service-definition.js';
import { type FlagdCaller, FlagdCallers } from './flagd-callers.provider.js';
import type { FlagdEvent } from './flagd-event.js';
import { FlagdEvaluations } from './flagd-evaluations.service.js';
import { flagdMethods } from './flagd-methods.adapter.js';
import { sendStream } from './flagd-stream.grpc.js';

/** flagd.evaluation.v1 and v2 on the gRPC port, for tokens that may evaluate. */
@Injectable()
export class FlagdEvaluationGrpc implements OnModuleInit {
  private readonly logger = new Logger('FlagdEvaluation');

  constructor(
    private readonly services: GrpcServices,
    private readonly callers: FlagdCallers,
    private readonly evaluations: FlagdEvaluations,
  ) {}

  onModuleInit(): void {
    const { v1, v2 } = flagdMethods(this.evaluations);
    const eventStream = answerStream<unknown, FlagdEvent>(this.logger, async (_request, call) => {
      const caller = await this.callers.admit(call, 'evaluation.read');
      await sendStream(call, this.logger, (cutOff) => this.evaluations.follow(caller, cutOff));
    });
    const services = [
      grpcService(ServiceV1, {
        resolveAll: this.unary(v1.resolveAll),
        resolveBoolean: this.unary(v1.resolveBoolean),
        resolveString: this.unary(v1.resolveString),
        resolveFloat: this.unary(v1.resolveFloat),
        resolveInt: this.unary(v1.resolveInt),
        resolveObject: this.unary(v1.resolveObject),
        eventStream,
      }),
      grpcService(ServiceV2, {
        resolveBoolean: this.unary(v2.resolveBoolean),
        resolveString: this.unary(v2.resolveString),
        resolveFloat: this.unary(v2.resolveFloat),
        resolveInt: this.unary(v2.resolveInt),
        resolveObject: this.unary(v2.resolveObject),
        eventStream,
      }),
    ];
    for (const service of services) this.services.add(writtenOnce(service, 'eventStream'));
  }

  private unary<Request, Answer>(
    method: (caller: FlagdCaller, request: Request) => Promise<Answer>,
  ): handleUnaryCall<Request, Answer> {
    return answerUnary(this.logger, async (request, call) =>
      method(await this.callers.admit(call, 'evaluation.read'), request),
    );
  }
}
