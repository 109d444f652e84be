import { createConnectRouter, createContextKey, createContextValues, type HandlerContext } from '@connectrpc/connect';
import {
  compressionGzip,
  universalRequestFromNodeRequest,
  universalResponseToNodeResponse,
} from '@connectrpc/connect-node';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { SluiceError } from '../../kernel/errors.js';
import { Service as ServiceV1 } from '../../platform/grpc/generated/flagd/evaluation/v1/evaluation_pb.js';
import { Service as ServiceV2 } from '../../platform/grpc/generated/flagd/evaluation/v2/evaluation_pb.js';
import { toConnectError } from '../../transport/connect-error.js';
import { allowOrigins, answerPreflight } from '../ofrep-reply.provider.js';
import { type FlagdCaller, FlagdCallers } from './flagd-callers.provider.js';
import { FlagdEvaluations } from './flagd-evaluations.service.js';
import type { FlagdEvent } from './flagd-event.js';
import { flagdMethods } from './flagd-methods.adapter.js';
import { wordResponse } from './worded-response.adapter.js';

/** As much as other routes take. */
const MAX_BODY_BYTES = 2 * 1024 * 1024;

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

const EXCHANGE = createContextKey<Exchange | undefined>(undefined);

type Router = ReturnType<typeof createConnectRouter>;

/** flagd.evaluation on the HTTP port, by the Connect protocol: what flagd's providers for browsers and for Go speak. */
@Injectable()
export class FlagdConnectController implements OnModuleInit {
  private readonly logger = new Logger('FlagdConnect');

  constructor(
    private readonly adapters: HttpAdapterHost,
    private readonly callers: FlagdCallers,
    private readonly evaluations: FlagdEvaluations,
  ) {}

  onModuleInit(): void {
    const router = createConnectRouter({
      grpc: false,
      grpcWeb: false,
      readMaxBytes: MAX_BODY_BYTES,
      acceptCompression: [compressionGzip],
    });
    this.addServices(router);
    const fastify: FastifyInstance = this.adapters.httpAdapter.getInstance();
    // A scope of its own, for Connect reads bodies by itself.
    void fastify.register(async (connect) => {
      connect.removeAllContentTypeParsers();
      connect.addContentTypeParser('*', (_request: FastifyRequest, _body, done) => done(null));
      connect.addHook('onRequest', allowOrigins);
      for (const method of router.handlers) {
        connect.post(method.requestPath, (request, reply) => this.answer(method, request, reply));
        // Public: a browser asks without credentials, and learns only which headers it may send.
        connect.options(method.requestPath, answerPreflight);
      }
    });
  }

  private addServices(router: Router): void {
    const { v1, v2 } = flagdMethods(this.evaluations);
    const eventStream = (_request: unknown, context: HandlerContext): AsyncGenerator<FlagdEvent> =>
      this.follow(context);
    router.service(ServiceV1, {
      resolveAll: this.unary(v1.resolveAll),
      resolveBoolean: this.unary(v1.resolveBoolean),
      resolveString: this.unary(v1.resolveString),
      resolveFloat: this.unary(v1.resolveFloat),
      resolveInt: this.unary(v1.resolveInt),
      resolveObject: this.unary(v1.resolveObject),
      eventStream,
    });
    router.service(ServiceV2, {
      resolveBoolean: this.unary(v2.resolveBoolean),
      resolveString: this.unary(v2.resolveString),
      resolveFloat: this.unary(v2.resolveFloat),
      resolveInt: this.unary(v2.resolveInt),
      resolveObject: this.unary(v2.resolveObject),
      eventStream,
    });
  }

  private async answer(
    method: Router['handlers'][number],
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const { raw } = reply;
    reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
    const values = createContextValues().set(EXCHANGE, { request, reply });
    try {
      const asked = universalRequestFromNodeRequest(request.raw, raw, undefined, values);
      await universalResponseToNodeResponse(await wordResponse(await method(asked)), raw);
    } catch (error) {
      // Connect answers what goes wrong in a method; this is a client that left, or one that was cut off.
      this.logger.debug(error);
      raw.destroy();
    }
    return reply;
  }

  private unary<Request, Answer>(
    method: (caller: FlagdCaller, request: Request) => Promise<Answer>,
  ): (request: Request, context: HandlerContext) => Promise<Answer> {
    return async (request, context) => {
      const exchange = exchangeOf(context);
      try {
        return await method(await this.admit(exchange), request);
      } catch (error) {
        throw this.wordError(error, exchange);
      }
    };
  }

  private async *follow(context: HandlerContext): AsyncGenerator<FlagdEvent> {
    const exchange = exchangeOf(context);
    try {
      const stream = await this.evaluations.follow(await this.admit(exchange), () => exchange.reply.raw.destroy());
      context.signal.addEventListener('abort', () => stream.abandon());
      if (context.signal.aborted) stream.abandon();
      yield* stream.messages();
    } catch (error) {
      throw this.wordError(error, exchange);
    }
  }

  private admit({ request }: Exchange): Promise<FlagdCaller> {
    return this.callers.admitRequest(request, 'evaluation.read');
  }

  private wordError(error: unknown, { request }: Exchange): ReturnType<typeof toConnectError> {
    if (!(error instanceof SluiceError)) this.logger.error({ err: error, requestId: request.id }, 'Call failed');
    return toConnectError(error, request.id);
  }
}

function exchangeOf({ values }: HandlerContext): Exchange {
  const exchange = values.get(EXCHANGE);
  if (exchange === undefined) throw new Error('This method was called outside its route.');
  return exchange;
}
