import { chooseEncoding, type Encoding } from './accept-encoding.js';
import { isNoneMatch } from './entity-tag.js';

/** A body of one packet gains nothing from compression. */
const MIN_ENCODED_BYTES = 1_024;

/** What there is to answer with. */
interface Served {
  readonly etag: string;
  readonly revision: number;
  readonly body: Buffer;
  encode(encoding: Encoding): Buffer | Promise<Buffer>;
}

/** What a request says, by its headers' names. */
interface Asked {
  readonly 'if-none-match'?: string | undefined;
  readonly 'accept-encoding'?: string | readonly string[] | undefined;
}

/** What somebody gets who asks for a snapshot. */
export interface SnapshotAnswer {
  readonly status: 200 | 304;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined: the client has it. A promise: it is being encoded for the first time. */
  readonly body: Buffer | Promise<Buffer> | undefined;
}

/** Answers by the headers of a request: what its client has, and which codings it takes, which `choose` chooses among. */
export function answerSnapshot(
  prepared: Served,
  { 'if-none-match': ifNoneMatch, 'accept-encoding': acceptEncoding }: Asked,
  choose = chooseEncoding,
): SnapshotAnswer {
  const headers = {
    etag: prepared.etag,
    'sluice-revision': String(prepared.revision),
    'cache-control': 'no-cache',
    vary: 'Accept-Encoding',
  };
  if (isNoneMatch(ifNoneMatch, prepared.etag)) return { status: 304, headers, body: undefined };
  const isWorthIt = prepared.body.length >= MIN_ENCODED_BYTES;
  const encoding = isWorthIt ? choose(single(acceptEncoding)) : undefined;
  const whole = { ...headers, 'content-type': 'application/json; charset=utf-8' };
  if (encoding === undefined) return { status: 200, headers: whole, body: prepared.body };
  return { status: 200, headers: { ...whole, 'content-encoding': encoding }, body: prepared.encode(encoding) };
}

function single(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'object' ? value.join(', ') : value;
}
