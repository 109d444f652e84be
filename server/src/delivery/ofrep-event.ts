import { formatEvent } from '../platform/http/sse-frame.js';

/** A configuration as event streams name it. */
export interface NamedConfiguration {
  readonly position: string;
  /** Since when this replica serves it. */
  readonly since: Date;
}

/** A client that asked for values longer ago than this has been told of every change since. */
const MAX_OPENING_GAP_MS = 120_000;

/** "Evaluate again": clients send `etag` and `lastModified` back as query of the bulk evaluation. */
export function refetchEvent({ position, since }: NamedConfiguration): string {
  const lastModified = Math.floor(since.getTime() / 1_000);
  return formatEvent('message', position, JSON.stringify({ type: 'refetchEvaluation', etag: position, lastModified }));
}

/**
 * The first event of a stream. It always carries an id, so that a client that reconnects can be told what it missed;
 * to one that is current it says nothing that clients act on (they ignore types they do not know). A new client may
 * have evaluated just before a change and connected just after it: then it is asked to evaluate again.
 */
export function openingEvent(current: NamedConfiguration, lastEventId: string | undefined, now: Date): string {
  const isCurrent =
    lastEventId === undefined
      ? now.getTime() - current.since.getTime() > MAX_OPENING_GAP_MS
      : lastEventId === current.position;
  return isCurrent
    ? formatEvent('message', current.position, JSON.stringify({ type: 'connected' }))
    : refetchEvent(current);
}
