import fc, { type Arbitrary } from 'fast-check';
import type { Json } from './fitting-values.js';
import { evaluationMessages } from './grpc-messages.js';
import { type Bytes, garbage, headerTexts, oddTexts, utf8 } from './odd-bytes.js';
import { brokenOnce, toJsonText } from './odd-values.js';

/** A request over HTTP as it is sent. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Bytes | undefined;
}

const contexts: Arbitrary<Json> = fc.dictionary(
  fc.oneof(fc.constantFrom('targetingKey', 'plan', '__proto__'), oddTexts),
  // What fast-check makes as JSON is JSON.
  fc.oneof(oddTexts, fc.jsonValue({ maxDepth: 2 }) as Arbitrary<Json>),
  { maxKeys: 4, noNullPrototype: true },
);
const flagKeys = fc.oneof(fc.constantFrom('checkout', 'ramped', 'unheard-of'), oddTexts);

/** Bodies of JSON: such as fit, such as do not in one place, and such as are none. */
function bodiesOf(fitting: Arbitrary<Json>): Arbitrary<Bytes> {
  return fc.oneof(fitting.map(toJsonText).map(utf8), brokenOnce(fitting).map(toJsonText).map(utf8), garbage);
}

const positions = fc.oneof(
  headerTexts,
  fc.constantFrom(
    '0.a',
    '1.',
    '1.zzzzzzzzzzzzzzzz',
    '999999999999999.AAAA',
    '-1.a',
    '1.a.b',
    '01.a',
    `1.${'a'.repeat(64)}`,
  ),
  fc.tuple(fc.nat(), headerTexts).map(([revision, tag]) => `${revision}.${tag}`.slice(0, 2_000)),
);
const oddHeaders = fc.oneof(
  positions.map((text) => ({ 'last-event-id': text })),
  headerTexts.map((text) => ({ 'if-none-match': text })),
  fc.constantFrom('W/"', '*', '"a","b"', 'W/"*"', ','.repeat(2_000)).map((text) => ({ 'if-none-match': text })),
  headerTexts.map((text) => ({ 'accept-encoding': text })),
  fc.constantFrom('gzip', 'br', 'x', 'identity, gzip').map((text) => ({ 'content-encoding': text })),
  fc
    .constantFrom('text/plain', 'a/b/c;;', '', 'application/json; charset=utf-16')
    .map((text) => ({ 'content-type': text })),
  headerTexts.map((text) => ({ 'x-request-id': text })),
  headerTexts.map((text) => ({ authorization: text })),
  headerTexts.map((text) => ({ 'x-api-key': text })),
  headerTexts.map((text) => ({ traceparent: text })),
  headerTexts.map((text) => ({ accept: text })),
);

export interface Wire {
  readonly method: string;
  readonly urls: Arbitrary<string>;
  readonly bodies?: Arbitrary<Bytes>;
  /** Those that the wire alone knows. */
  readonly headers?: Arbitrary<Readonly<Record<string, string>>>;
}

/** Requests of a wire: some with its own headers, some with odd ones. */
export function requestsOf({ method, urls, bodies, headers = fc.constant({}) }: Wire): Arbitrary<HttpRequest> {
  return fc.record({
    method: fc.constant(method),
    url: urls,
    headers: fc.tuple(headers, fc.option(oddHeaders, { nil: {} })).map(([own, odd]) => ({
      ...(bodies === undefined ? {} : { 'content-type': 'application/json' }),
      ...own,
      ...odd,
    })),
    body: bodies ?? fc.constant(undefined),
  });
}

const inUrl = (text: string): string => encodeURIComponent(text.toWellFormed()).replace(/^\.+$/u, '%252e');
const ofrepBodies = bodiesOf(contexts.map((context) => ({ context })));
export const OFREP_ONE: Wire = {
  method: 'POST',
  urls: fc
    .oneof(flagKeys.map(inUrl), fc.constantFrom('%', '%zz', '%ED%A0%80', 'a/b//c', '?', '?a[b]=c', '%00'))
    .map((key) => `/ofrep/v1/evaluate/flags/${key}`),
  bodies: ofrepBodies,
};
export const OFREP_ALL: Wire = {
  method: 'POST',
  urls: positions.map((tag) => `/ofrep/v1/evaluate/flags?flagConfigEtag=${inUrl(tag)}`),
  bodies: ofrepBodies,
};
/** Its streams are opened by tickets, of which one is given that holds. */
export function ofrepEvents(ticket: string): Wire {
  const cut = fc.nat(ticket.length).map((at) => ticket.slice(0, at));
  const changed = fc.nat(ticket.length - 1).map((at) => `${ticket.slice(0, at)}!${ticket.slice(at + 1)}`);
  const tickets = fc.oneof(fc.constant(ticket), cut, changed, oddTexts);
  const urls = fc.oneof(
    tickets.map((text) => `/ofrep/v1/sse?ticket=${inUrl(text)}`),
    fc.constantFrom('', '?ticket', '?ticket=a&ticket=b', '?ticket[a]=b').map((query) => `/ofrep/v1/sse${query}`),
  );
  return { method: 'GET', urls };
}
const get = (path: string): Wire => ({
  method: 'GET',
  urls: fc.constantFrom('', '?', '?a=b&a=c', '?__proto__[a]=b', '?%').map((query) => path + query),
});
export const SDK_SNAPSHOT = get('/sdk/v1/snapshot');
export const SDK_STREAM = get('/sdk/v1/stream');
export function telemetry(batch: Json): Wire {
  const broken = fc.oneof(brokenOnce(fc.constant(batch)).map(toJsonText).map(utf8), garbage);
  return { method: 'POST', urls: fc.constant('/sdk/v1/telemetry'), bodies: broken };
}

const CONNECT_METHODS = ['v1', 'v2'].flatMap((version) =>
  ['ResolveAll', 'ResolveBoolean', 'ResolveString', 'ResolveFloat', 'ResolveInt', 'ResolveObject', 'EventStream'].map(
    (name) => `/flagd.evaluation.${version}.Service/${name}`,
  ),
);
const envelopes = fc
  .tuple(
    fc.constantFrom(0, 1, 2, 3, 0x80, 0xff),
    fc.constantFrom(0, 1, 2 ** 31, -1),
    fc.oneof(garbage, fc.constant(utf8('{}'))),
  )
  .map(([flags, beyond, content]) => {
    const envelope = new Uint8Array(5 + content.length);
    envelope[0] = flags;
    new DataView(envelope.buffer).setUint32(1, content.length + beyond);
    envelope.set(content, 5);
    return envelope;
  });
const questions = fc.record({ flagKey: flagKeys, context: contexts }, { noNullPrototype: true });
const connectHeaders = fc.record({
  'content-type': fc.constantFrom(
    'application/json',
    'application/proto',
    'application/connect+json',
    'application/connect+proto',
    'application/json; charset=utf-8',
    'application/grpc',
    'application/grpc-web+proto',
    'application/xml',
    '',
  ),
  'connect-protocol-version': fc.constantFrom('1', '1', '1', '2', '', 'x'),
});
const connectMore = fc.oneof(
  fc.constantFrom('gzip', 'br', 'x').map((text) => ({ 'connect-content-encoding': text })),
  fc.constantFrom('-1', 'x', '1.5', '9'.repeat(30), '').map((text) => ({ 'connect-timeout-ms': text })),
  headerTexts.map((text) => ({ 'flagd-selector': text })),
);
export const FLAGD_CONNECT: Wire = {
  method: 'POST',
  urls: fc.constantFrom(...CONNECT_METHODS),
  bodies: fc.oneof(bodiesOf(questions), envelopes, evaluationMessages),
  headers: fc.tuple(connectHeaders, fc.option(connectMore, { nil: {} })).map(([own, more]) => ({ ...own, ...more })),
};
export const FLAGD_CONNECT_GET: Wire = {
  method: 'GET',
  urls: fc
    .tuple(fc.constantFrom(...CONNECT_METHODS), fc.constantFrom('json', 'proto', 'x', ''), oddTexts)
    .map(([path, encoding, message]) => `${path}?connect=v1&encoding=${encoding}&message=${inUrl(message)}`),
};
