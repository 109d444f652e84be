import type { handleUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { limited } from '../../kernel/errors.js';
import { Service as ServiceV1 } from '../../platform/grpc/generated/flagd/evaluation/v1/evaluation_pb.js';
import { Service as ServiceV2 } from '../../platform/grpc/generated/flagd/evaluation/v2/evaluation_pb.js';
import { answerStream, answerUnary, failStream, writeTaken } from '../../platform/grpc/grpc-calls.js';
import { GrpcServices } from '../../platform/grpc/grpc-services.js';
import { grpcService } from '../../platform/grpc/service-definition.js';
import type { Caller } from '../hot-route.provider.js';
import { FlagdCallers } from './flagd-callers.provider.js';
import type { FlagdEvent } from './flagd-event.js';
import { FlagdEvaluations } from './flagd-evaluations.service.js';
import { flagdMethods } from './flagd-methods.provider.js';

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
    const eventStream = answerStream<unknown, FlagdEvent>(this.logger, (_request, call) => this.follow(call));
    this.services.add(
      grpcService(ServiceV1, {
        resolveAll: this.unary(v1.resolveAll),
        resolveBoolean: this.unary(v1.resolveBoolean),
        resolveString: this.unary(v1.resolveString),
        resolveFloat: this.unary(v1.resolveFloat),
        resolveInt: this.unary(v1.resolveInt),
        resolveObject: this.unary(v1.resolveObject),
        eventStream,
      }),
    );
    this.services.add(
      grpcService(ServiceV2, {
        resolveBoolean: this.unary(v2.resolveBoolean),
        resolveString: this.unary(v2.resolveString),
        resolveFloat: this.unary(v2.resolveFloat),
        resolveInt: this.unary(v2.resolveInt),
        resolveObject: this.unary(v2.resolveObject),
        eventStream,
      }),
    );
  }

  private unary<Request, Answer>(
    method: (caller: Caller, request: Request) => Promise<Answer>,
  ): handleUnaryCall<Request, Answer> {
    return answerUnary(this.logger, async (request, call) =>
      method(await this.callers.admit(call, 'evaluation.read'), request),
    );
  }

  private async follow(call: EventCall): Promise<void> {
    const caller = await this.callers.admit(call, 'evaluation.read');
    const stream = await this.evaluations.follow(caller, () => failStream(call, takesNothing(), this.logger));
    call.once('close', () => stream.abandon());
    if (call.destroyed) stream.abandon();
    for await (const event of stream.messages()) await writeTaken(call, event);
  }
}

type EventCall = ServerWritableStream<unknown, FlagdEvent>;

function takesNothing(): ReturnType<typeof limited> {
  return limited('STREAM_UNREAD', 'This stream was not read for a minute; connect again.');
}
