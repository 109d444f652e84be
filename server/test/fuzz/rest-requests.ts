import fc, { type Arbitrary } from 'fast-check';
import { cursorOf } from '../../src/kernel/page.js';
import type { FittingValues, Json, JsonSchema } from './fitting-values.js';
import { brokenOnce, ODD_TEXTS, toJsonText } from './odd-values.js';

/** An operation of the committed contract. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: JsonSchema | undefined;
  /** Those that are named; whatever went wrong is described once for all. */
  readonly statuses: readonly number[];
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: JsonSchema;
}

/** An OpenAPI document as far as requests are made from it. */
export interface OpenApi {
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly parameters?: readonly Parameter[];
            readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> };
            readonly responses: Readonly<Record<string, unknown>>;
          }
        >
      >
    >
  >;
}

/** A request as it goes over the wire. */
export interface RestRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

interface Parts {
  readonly path: readonly string[];
  readonly query: readonly (readonly [string, string])[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** All operations; what deletes comes last, so that there is something to ask the others about. */
export function operationsOf({ paths }: OpenApi): readonly Operation[] {
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody, responses }]): Operation => ({
      method: method.toUpperCase(),
      path,
      parameters: parameters.map(inHaste),
      body: requestBody?.content['application/json']?.schema,
      statuses: Object.keys(responses).map(Number).filter(Number.isInteger),
    })),
  );
  return [...all].sort((one, other) => Number(one.method === 'DELETE') - Number(other.method === 'DELETE'));
}

/** Who may wait says how long, and that is not long. */
function inHaste(parameter: Parameter): Parameter {
  if (parameter.name !== 'timeoutMs') return parameter;
  return { ...parameter, required: true, schema: { ...parameter.schema, type: 'integer', minimum: 0, maximum: 5 } };
}

const JSON_BODY = 'application/json';
const oddTexts = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...ODD_TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
);
const cursors = fc.oneof(
  oddTexts,
  fc.constantFrom(...ODD_TEXTS).map((text) => cursorOf(text.slice(0, 200))),
  fc.json({ maxDepth: 2 }).map(cursorOf),
);
const limits = fc.constantFrom('0', '-1', '1.5', '1e2', '201', '9007199254740993', 'NaN', '', '0x10', ' 5 ', '١');
const oddHeaders = fc.constantFrom<Readonly<Record<string, string>>>(
  { 'if-match': '"1"' },
  { 'if-match': 'W/"1"' },
  { 'if-match': '"0"' },
  { 'if-match': '"999999999"' },
  { 'if-match': '"99999999999999999999"' },
  { 'if-match': '"1", "2"' },
  { 'if-match': 'x'.repeat(4_000) },
  { 'if-match': '' },
  { 'idempotency-key': '"same"' },
  { 'idempotency-key': 'unquoted' },
  { 'idempotency-key': '""' },
  { 'idempotency-key': `"${'k'.repeat(300)}"` },
  { 'idempotency-key': '"\u00fc"' },
  { 'last-event-id': '99999999999999999999' },
  { 'last-event-id': '-1' },
  { 'content-type': 'text/plain' },
  { 'content-type': 'application/json; charset=utf-16' },
  { 'content-type': 'application/x-www-form-urlencoded' },
  { 'content-type': 'multipart/form-data; boundary=x' },
  { 'content-type': 'application/merge-patch+json' },
  { 'content-type': 'a/b/c;;' },
  { 'content-encoding': 'gzip' },
  { accept: 'text/html;q=NaN' },
  { 'accept-encoding': 'x;q=9' },
  { 'x-request-id': 'x'.repeat(500) },
  { traceparent: '00-zz-yy-01' },
  { authorization: 'Bearer' },
  { authorization: `Bearer slu_admin_${'x'.repeat(2_000)}` },
  { authorization: 'Basic OjpA' },
  { cookie: '__Host-sluice=; __Host-sluice=%00; =' },
  { origin: 'null' },
  { 'x-http-method-override': 'DELETE' },
);
const oddBodies = fc.constantFrom(
  '',
  ' ',
  'null',
  'true',
  '1e400',
  '"text"',
  '[]',
  '[{}]',
  '{}',
  '{',
  '{"a":1}}',
  '\ufeff{}',
  '{"key":"a","key":"b"}',
  '{"__proto__":{"isAdmin":true}}',
  '{"\\u005f_proto__":{}}',
  '{"constructor":{"prototype":{}}}',
  '{"name":"\\u0000"}',
  '{"name":"\\ud800"}',
  '['.repeat(50_000),
  '{"a":'.repeat(100) + '1' + '}'.repeat(100),
  'key=a&name=b',
);

/** Requests of an operation: such as fit, and such as do not in one place. */
export function requestsOf(operation: Operation, values: FittingValues): Arbitrary<RestRequest> {
  const fitting = fittingParts(operation, values);
  const broken: Arbitrary<Parts>[] = [
    fc.tuple(fitting, oddHeaders).map(([parts, headers]) => ({ ...parts, headers: { ...parts.headers, ...headers } })),
    fc.tuple(fitting, oddQueryOf(operation)).map(([parts, query]) => ({ ...parts, query: [...parts.query, query] })),
  ];
  if (operation.body !== undefined) {
    const body = brokenOnce(values.of(operation.body));
    const breaking = fc.tuple(fitting, body).map(([parts, value]) => ({ ...parts, body: toJsonText(value) }));
    // Bodies have the most to say, and the most to get wrong.
    broken.push(breaking, breaking, breaking);
  }
  if (operation.method !== 'GET')
    broken.push(fc.tuple(fitting, oddBodies).map(([parts, body]) => ({ ...parts, body })));
  if (operation.path.includes('{')) {
    const places = operation.path.split('{').length - 1;
    broken.push(
      fc.tuple(fitting, fc.nat(places - 1), oddTexts).map(([parts, at, text]) => {
        return { ...parts, path: parts.path.with(at, text) };
      }),
    );
  }
  const any = fc.oneof({ weight: 2, arbitrary: fitting }, ...broken.map((arbitrary) => ({ weight: 1, arbitrary })));
  return any.map((parts) => toRequest(operation, parts));
}

function fittingParts({ method, path, parameters, body }: Operation, values: FittingValues): Arbitrary<Parts> {
  const names = [...path.matchAll(/\{(\w+)\}/gu)].map(([, name = '']) => name);
  const inPath = names.map((name) => fc.constantFrom(...(values.known[name] ?? ['unheard-of'])));
  const inQuery = parameters
    .filter((parameter) => parameter.in === 'query')
    .map(({ name, schema, required = false }) => {
      const value = values.named(name, schema).map((said): [string, string][] => [[name, inQueryText(said)]]);
      return required ? value : fc.option(value, { nil: [] as [string, string][], freq: 2 });
    });
  return fc.record({
    path: fc.tuple(...inPath),
    query: fc.tuple(...inQuery).map((said) => said.flat()),
    headers: fc.constant({
      ...(method === 'PATCH' || method === 'PUT' || method === 'DELETE' ? { 'if-match': '*' } : {}),
      ...(body === undefined ? {} : { 'content-type': JSON_BODY }),
    }),
    body: body === undefined ? fc.constant(undefined) : values.of(body).map(toJsonText),
  });
}

function oddQueryOf({ parameters }: Operation): Arbitrary<readonly [string, string]> {
  const names = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
  const name = fc.oneof(
    fc.constantFrom('unheardOf', '__proto__', 'limit', 'limit[]', 'after[a]'),
    ...names.map(fc.constant),
  );
  return name.chain((said) => {
    const texts = said === 'after' ? cursors : said === 'limit' ? limits : oddTexts;
    return texts.map((text): readonly [string, string] => [said, text]);
  });
}

function toRequest({ method, path }: Operation, parts: Parts): RestRequest {
  const said = [...parts.path];
  const query = parts.query.map(([name, text]) => `${inUrl(name)}=${inUrl(text)}`).join('&');
  const at = path.replaceAll(/\{\w+\}/gu, () => inUrl(said.shift() ?? ''));
  const { headers, body } = parts;
  const hasBody = body !== undefined && method !== 'GET';
  return {
    url: query === '' ? at : `${at}?${query}`,
    headers: hasBody ? { 'content-type': JSON_BODY, ...headers } : headers,
    body: hasBody ? body : undefined,
  };
}

/** Some parameters are numbers by their schema; all are text in a URL. */
function inQueryText(said: Json): string {
  return typeof said === 'string' ? said : JSON.stringify(said);
}

/** As a part of a URL; halves of surrogate pairs as what no decoder takes. */
function inUrl(text: string): string {
  // Dots alone would be another path: what sends the request takes them away.
  if (/^\.+$/u.test(text)) return text.replaceAll('.', '%252e');
  return [...text].map((char) => (/\p{Surrogate}/u.test(char) ? '%ED%A0%80' : encodeURIComponent(char))).join('');
}
