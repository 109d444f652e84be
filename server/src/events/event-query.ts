import { invalid } from '../kernel/errors.js';

/** What a reader wants of a project's events. */
export interface EventFilter {
  readonly type?: string | undefined;
  readonly subject?: string | undefined;
  /** Only of these environments; absent: of all and of none. */
  readonly environmentIds?: readonly string[] | undefined;
}

/** Reads a sequence as clients send it back; undefined when there is none. Throws `invalid` for what is none. */
export function parseSequence(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const sequence = /^\d{1,16}$/u.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(sequence)) return sequence;
  throw invalid(
    'CURSOR_UNKNOWN',
    '"after" and Last-Event-ID must be the sequence of an event: a whole number, as "sluicesequence" says.',
  );
}

/** Whether a client asks for a stream rather than a page. */
export function acceptsStream(accept: string | undefined): boolean {
  return /(?:^|[,\s])text\/event-stream(?:$|[;,\s])/iu.test(accept ?? '');
}
