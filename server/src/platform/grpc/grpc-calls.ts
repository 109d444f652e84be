import type {
  handleUnaryCall,
  handleServerStreamingCall,
  Metadata,
  sendUnaryData,
  ServerUnaryCall,
  ServerWritableStream,
} from '@grpc/grpc-js';
import type { Logger } from '@nestjs/common';
import { SluiceError } from '../../kernel/errors.js';
import { toGrpcStatus } from '../../transport/grpc-error.js';
import { requestIdOf } from '../request-id.js';

/** A handler of single calls; what it throws becomes the call's status. */
export function answerUnary<Request, Response>(
  logger: Logger,
  answer: (request: Request, call: ServerUnaryCall<Request, Response>) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call: ServerUnaryCall<Request, Response>, done: sendUnaryData<Response>) => {
    // Not one tick later for answers that are there at once.
    void (async () => {
      try {
        done(null, await answer(call.request, call));
      } catch (error) {
        done(statusOf(error, call.metadata, logger));
      }
    })();
  };
}

/** A handler of calls that are answered by a stream; what it throws while it opens the stream becomes its status. */
export function answerStream<Request, Response>(
  logger: Logger,
  open: (request: Request, call: ServerWritableStream<Request, Response>) => void | Promise<void>,
): handleServerStreamingCall<Request, Response> {
  return (call) => {
    void (async () => {
      try {
        await open(call.request, call);
      } catch (error) {
        failStream(call, error, logger);
      }
    })();
  };
}

/** Sends one message of a stream; resolves when the client has taken what it was sent, as far as flow control tells. */
export function writeTaken<Message>(call: ServerWritableStream<unknown, Message>, message: Message): Promise<void> {
  return new Promise((resolve) => call.write(message, () => resolve()));
}

/** A stream that answers a call, of one request or of many. */
export type AnsweringStream = Pick<
  ServerWritableStream<unknown, unknown>,
  'metadata' | 'destroyed' | 'writableEnded' | 'emit'
>;

/** Ends a stream with the status of an error. */
export function failStream(call: AnsweringStream, error: unknown, logger: Logger): void {
  // gRPC makes the status out of the stream's error; a stream that was cancelled has nobody left to tell.
  if (!call.destroyed && !call.writableEnded) call.emit('error', statusOf(error, call.metadata, logger));
}

function statusOf(error: unknown, metadata: Metadata, logger: Logger): ReturnType<typeof toGrpcStatus> {
  const requestId = requestIdOf(metadata.get('x-request-id')[0]);
  if (!(error instanceof SluiceError)) logger.error({ err: error, requestId }, 'Call failed');
  return toGrpcStatus(error, requestId);
}
