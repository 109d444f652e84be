import { z } from 'zod';
import type { Json } from '../../kernel/json.js';
import { complaintAboutPattern } from '../../segments/index.js';
import { parseTemplate } from './argument-template.js';
import { complaintAboutPath } from './json-path.js';
import { complaintAboutPromql } from './promql-template.js';
import { complaintAboutAddress, complaintAboutUrl } from './url-template.js';

const MAX_HEADERS = 20;
/** Headers that are the connection's own business, or ours. */
const RESERVED_HEADERS: ReadonlySet<string> = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
/** Headers whose values nobody should read in a policy. */
const SECRET_HEADERS = /^(?:authorization|proxy-authorization|cookie|.*(?:api-?key|token|secret|password).*)$/u;

/** A string that a check may object to, with the check's own words. */
const checked = (complaintAbout: (text: string) => string | undefined, max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .superRefine((text, context) => {
      const complaint = complaintAbout(text);
      if (complaint !== undefined) context.addIssue({ code: 'custom', message: complaint });
    });

const headersSchema = z
  .record(
    z.string().regex(/^[\w!#$%&'*+.^`|~-]{1,100}$/u, 'must be the name of a header'),
    z.union([
      z
        .string()
        .max(1_000)
        .regex(/^[\t\x20-\x7e]*$/u, 'must be printable ASCII'),
      z.strictObject({
        secret: z
          .string()
          .regex(/^[A-Z][A-Z0-9_]{0,99}$/u, 'must be capital letters, digits and _')
          .describe('The header’s whole value is the setting SLUICE_METRIC_SECRET_<this name>'),
      }),
    ]),
  )
  .superRefine((headers, context) => {
    const names = Object.keys(headers).map((name) => name.toLowerCase());
    if (names.length > MAX_HEADERS) context.addIssue({ code: 'custom', message: `at most ${MAX_HEADERS} headers` });
    if (new Set(names).size < names.length) context.addIssue({ code: 'custom', message: 'names a header twice' });
    for (const [name, value] of Object.entries(headers)) {
      const complaint = complaintAboutHeader(name.toLowerCase(), value);
      if (complaint !== undefined) context.addIssue({ code: 'custom', path: [name], message: complaint });
    }
  })
  .default({});

const prometheusSchema = z
  .strictObject({
    kind: z.literal('prometheus'),
    address: checked(complaintAboutAddress, 2_000).describe('Where /api/v1/query is, without that path'),
    query: checked(complaintAboutPromql, 10_000).describe('PromQL that gives one series or number'),
    mode: z
      .enum(['range', 'instant'])
      .default('range')
      .describe('range: a point every step of the window; instant: one, at its end'),
    headers: headersSchema,
  })
  .meta({ id: 'PrometheusQuery' });

const jsonSchema = z
  .strictObject({
    kind: z.literal('json'),
    url: checked(complaintAboutUrl, 2_000),
    method: z.enum(['GET', 'POST']).default('GET'),
    headers: headersSchema,
    body: z.json().optional().describe('Sent with POST; arguments in its texts are filled in'),
    path: checked(complaintAboutPath, 1_000).describe('JSONPath (RFC 9535) to one number, or text that is a number'),
  })
  .superRefine(({ method, body }, context) => {
    if (body === undefined) return;
    if (method === 'GET') context.addIssue({ code: 'custom', path: ['body'], message: 'goes with POST only' });
    // z.json() let it through.
    const complaint = complaintAboutBody(body);
    if (complaint !== undefined) context.addIssue({ code: 'custom', path: ['body'], message: complaint });
  })
  .meta({ id: 'JsonQuery' });

const syntheticSchema = z
  .strictObject({
    kind: z.literal('synthetic'),
    url: checked(complaintAboutUrl, 2_000),
    method: z.enum(['GET', 'HEAD', 'POST']).default('GET'),
    headers: headersSchema,
    expectedStatus: z.int().min(100).max(599).default(200),
    bodyMatches: checked(complaintAboutPattern, 500)
      .optional()
      .describe('Regular expression that the first 256 KiB of the body must match'),
    timeoutMs: z.int().min(100).max(30_000).default(5_000),
    intervalMs: z.int().min(1_000).max(3_600_000).default(10_000).describe('How often the check is made'),
    value: z
      .enum(['success', 'durationMs'])
      .default('success')
      .describe('success: 1 or 0 a probe; durationMs: how long each that succeeded took'),
  })
  .superRefine(({ timeoutMs, intervalMs, method, bodyMatches }, context) => {
    if (timeoutMs > intervalMs) {
      context.addIssue({ code: 'custom', path: ['timeoutMs'], message: 'must not be longer than intervalMs' });
    }
    if (method === 'HEAD' && bodyMatches !== undefined) {
      context.addIssue({ code: 'custom', path: ['bodyMatches'], message: 'cannot be: HEAD has no body' });
    }
  })
  .meta({ id: 'SyntheticQuery' });

/** Where a metric comes from and how it is asked for, as policies say it: plain JSON, arguments left open. */
export const metricQuerySchema = z.discriminatedUnion('kind', [prometheusSchema, jsonSchema, syntheticSchema]);

export type MetricQuery = z.infer<typeof metricQuerySchema>;
export type PrometheusQuery = Extract<MetricQuery, { kind: 'prometheus' }>;
export type JsonQuery = Extract<MetricQuery, { kind: 'json' }>;
export type SyntheticQuery = Extract<MetricQuery, { kind: 'synthetic' }>;
/** Header values as policies say them: the text, or the name of the secret that is the text. */
export type MetricHeaders = MetricQuery['headers'];

declare const bound: unique symbol;
/** A query whose arguments are filled in; only `bindQuery` makes one. Plain JSON. */
export type BoundQuery<Q extends MetricQuery = MetricQuery> = Q & { readonly [bound]: true };

function complaintAboutHeader(name: string, value: MetricHeaders[string]): string | undefined {
  if (RESERVED_HEADERS.has(name)) return 'cannot be set';
  if (typeof value !== 'string') return undefined;
  if (SECRET_HEADERS.test(name)) return 'must be { "secret": … }: policies can be read, secrets must not be';
  return value.includes('{{') ? 'takes no arguments' : undefined;
}

function complaintAboutBody(value: Json): string | undefined {
  if (typeof value === 'string') {
    const { complaint } = parseTemplate(value);
    return complaint === '' ? undefined : complaint;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const complaint = key.includes('{{') ? 'has an argument in a key' : complaintAboutBody(inner);
    if (complaint !== undefined) return complaint;
  }
  return undefined;
}
