import type { ServerWritableStream } from '@grpc/grpc-js';
import type { Logger } from '@nestjs/common';
import { limited } from '../../kernel/errors.js';
import { failStream, writeTaken } from '../../platform/grpc/grpc-calls.js';
import type { TakenStream } from '../taken-stream.adapter.js';

/**
 * Sends what a stream has to say, each message when the client has taken the one before. `begin` is given what cuts off
 * a client that takes nothing. Throws what the stream is closed with.
 */
export async function sendStream<Message>(
  call: ServerWritableStream<unknown, Message>,
  logger: Logger,
  begin: (cutOff: () => void) => Promise<TakenStream<Message>>,
): Promise<void> {
  const takesNothing = limited('STREAM_UNREAD', 'This stream was not read for a minute; connect again.');
  const stream = await begin(() => failStream(call, takesNothing, logger));
  call.once('close', () => stream.abandon());
  if (call.destroyed) stream.abandon();
  for await (const message of stream.messages()) await writeTaken(call, message);
}
