import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { Logger } from '@nestjs/common';
import { invalid, unauthenticated } from '../../kernel/errors.js';
import type { Node } from '../../platform/grpc/generated/envoy/config/core/v3/core_pb.js';
import { failStream } from '../../platform/grpc/grpc-calls.js';
import type { XdsAccess, XdsAccesses } from './xds-access.provider.js';

/** Clients say who they are as soon as they have a stream. */
const FIRST_REQUEST_MS = 10_000;

interface AdmittedStream<Request> {
  readonly logger: Logger;
  readonly accesses: XdsAccesses;
  /** Once, before the first request is taken. */
  readonly begin: (access: XdsAccess, first: Request) => void;
  readonly take: (request: Request) => void;
  /** Once, when the stream has ended, however; also of one that never began. */
  readonly end: () => void;
}

/**
 * Takes the requests of a stream one by one, once its client is let in by its first request, until either side ends it. A
 * token that it shows as it opens is looked at then.
 */
export function serveAdmitted<Request extends { readonly node?: Node | undefined }, Answer>(
  stream: ServerDuplexStream<Request, Answer>,
  { logger, accesses, begin, take, end }: AdmittedStream<Request>,
): void {
  let isOpen = false;
  let shown: Promise<XdsAccess> | undefined;
  let leaveDoor = (): void => undefined;
  const cleanUps: (() => void)[] = [];
  const fail = (error: unknown): void => failStream(stream, error, logger);

  const letIn = async (node: Node | undefined): Promise<XdsAccess> => {
    const access = await accesses.admit(stream, node);
    if (isGone(stream)) return access;
    const ended = unauthenticated('TOKEN_REFUSED', 'The token of this stream has ended; ask an admin for another.');
    cleanUps.push(access.takeSlot());
    cleanUps.push(access.watchEnd(() => fail(ended)));
    return access;
  };
  const enter = async (first: Request): Promise<void> => {
    const access = await (shown ?? letIn(first.node));
    if (isGone(stream)) return;
    begin(access, first);
    isOpen = true;
    leaveDoor();
    take(first);
    stream.resume();
  };
  const standAtDoor = (): (() => void) => {
    const giveBack = accesses.door.take();
    const silent = invalid('STREAM_SILENT', 'Send the first request within 10 s of opening the stream.');
    const timer = setTimeout(() => fail(silent), FIRST_REQUEST_MS).unref();
    stream.once('data', () => clearTimeout(timer));
    return () => {
      clearTimeout(timer);
      giveBack();
    };
  };

  stream.on('end', () => stream.end());
  // The client has gone, or was told why its stream ends.
  stream.on('error', () => undefined);
  stream.once('close', () => {
    for (const cleanUp of cleanUps) cleanUp();
    end();
  });
  try {
    leaveDoor = standAtDoor();
  } catch (error) {
    return fail(error);
  }
  cleanUps.push(leaveDoor);
  if (accesses.showsToken(stream)) {
    shown = letIn(undefined);
    shown.catch(fail);
  }
  stream.on('data', (request: Request) => {
    try {
      if (isOpen) return void take(request);
    } catch (error) {
      return fail(error);
    }
    stream.pause();
    enter(request).catch(fail);
  });
}

function isGone({ destroyed, cancelled, writableEnded }: ServerDuplexStream<unknown, unknown>): boolean {
  return destroyed || cancelled || writableEnded;
}
