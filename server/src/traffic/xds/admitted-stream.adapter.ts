import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { Logger } from '@nestjs/common';
import { unauthenticated } from '../../kernel/errors.js';
import { failStream } from '../../platform/grpc/grpc-calls.js';
import type { XdsAccess } from './xds-access.provider.js';

interface AdmittedStream<Request> {
  readonly logger: Logger;
  /** Lets the stream in by its first request; what it throws becomes the stream's status. */
  readonly admit: (first: Request) => Promise<XdsAccess>;
  /** Once, before the first request is taken. */
  readonly begin: (access: XdsAccess, first: Request) => void;
  readonly take: (request: Request) => void;
  /** Once, when the stream has ended, however; also of one that never began. */
  readonly end: () => void;
}

/** Takes the requests of a stream one by one, once its client is let in, until either side ends it. */
export function serveAdmitted<Request, Answer>(
  stream: ServerDuplexStream<Request, Answer>,
  { logger, admit, begin, take, end }: AdmittedStream<Request>,
): void {
  let isOpen = false;
  let stopWatching = (): void => undefined;

  const enter = async (first: Request): Promise<void> => {
    const access = await admit(first);
    if (stream.destroyed || stream.cancelled) return;
    const ended = unauthenticated('TOKEN_REFUSED', 'The token of this stream has ended; ask an admin for another.');
    stopWatching = access.watchEnd(() => failStream(stream, ended, logger));
    begin(access, first);
    isOpen = true;
    take(first);
    stream.resume();
  };

  stream.on('data', (request: Request) => {
    try {
      if (isOpen) return void take(request);
    } catch (error) {
      return void failStream(stream, error, logger);
    }
    stream.pause();
    enter(request).catch((error: unknown) => failStream(stream, error, logger));
  });
  stream.on('end', () => stream.end());
  // The client has gone, or was told why its stream ends.
  stream.on('error', () => undefined);
  stream.once('close', () => {
    stopWatching();
    end();
  });
}
