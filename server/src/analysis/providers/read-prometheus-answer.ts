import { z } from 'zod';
import { decimalNumber } from './decimal-number.js';
import { failure, nothing, type ReadAnswer } from './metric-answer.js';
import type { MetricErrorCode, MetricPoint, MetricWindow } from './metric-provider.js';
import { shownSpan, shownText, shownTime } from './shown-text.js';

/** What came back over HTTP, redirects and broken connections aside. */
export interface PrometheusReply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** The provider's own clock less ours; undefined: it did not say. */
  readonly clockAheadMs: number | undefined;
}

export interface PrometheusQuestion {
  readonly query: string;
  readonly mode: 'range' | 'instant';
  readonly window: MetricWindow;
}

/** Clocks this far apart are taken for equal. */
const CLOCK_TOLERANCE_MS = 60_000;
const SHOWN_WARNINGS = 10;
const SHOWN_VALUES = 5;

const sampleSchema = z.tuple([z.number(), z.string()]);
const seriesSchema = z.object({
  metric: z.record(z.string(), z.string()),
  value: sampleSchema.optional(),
  values: z.array(sampleSchema).optional(),
});
const noticesSchema = z.array(z.string()).nullish();
const successSchema = z.object({
  status: z.literal('success'),
  data: z.object({ resultType: z.string(), result: z.unknown() }),
  warnings: noticesSchema,
  infos: noticesSchema,
});
const errorSchema = z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() });

type Series = z.infer<typeof seriesSchema>;
type Samples = readonly z.infer<typeof sampleSchema>[];

/**
 * Reads an answer of Prometheus' HTTP API v1 (/query and /query_range). One series of finite numbers inside of the
 * window is a series; everything else says in words what it is instead. Never throws.
 */
export function readPrometheusAnswer(question: PrometheusQuestion, reply: PrometheusReply): ReadAnswer {
  const { query } = question;
  const body = parseJson(reply.body);
  const refusal = errorSchema.safeParse(body);
  if (refusal.success) {
    const { errorType, error } = refusal.data;
    const code: MetricErrorCode = isQueryAtFault(reply.status) ? 'QUERY_REFUSED' : 'PROVIDER_FAILED';
    return failure(query, code, `Prometheus says (${shownText(errorType)}): ${shownText(error, 1_000)}`);
  }
  if (reply.status !== 200) return failure(query, codeOf(reply.status), refusedBy(reply));
  if (body === undefined) return failure(query, 'ANSWER_MALFORMED', `The answer is no JSON: ${typeAndStart(reply)}`);
  const answer = successSchema.safeParse(body);
  if (!answer.success) {
    return failure(query, 'ANSWER_MALFORMED', `The answer is not one of Prometheus' HTTP API: ${typeAndStart(reply)}`);
  }
  const { data, warnings, infos } = answer.data;
  const notices = [...(warnings ?? []), ...(infos ?? [])].slice(0, SHOWN_WARNINGS).map((each) => shownText(each));
  return readResult(question, data, [...notices, ...clockNotice(reply.clockAheadMs)]);
}

/** What the status alone says of a failure. */
export function codeOf(status: number): MetricErrorCode {
  if (status >= 300 && status < 400) return 'PROVIDER_REDIRECTED';
  return status === 429 || status >= 500 ? 'PROVIDER_FAILED' : 'PROVIDER_REFUSED';
}

function readResult(
  question: PrometheusQuestion,
  { resultType, result }: { readonly resultType: string; readonly result?: unknown },
  warnings: readonly string[],
): ReadAnswer {
  const { query, mode } = question;
  if (mode === 'instant' && resultType === 'scalar') {
    const sample = sampleSchema.safeParse(result);
    return sample.success
      ? readSamples(question, {}, [sample.data], warnings)
      : failure(query, 'ANSWER_MALFORMED', 'The scalar is not a pair of time and number.');
  }
  const expected = mode === 'range' ? 'matrix' : 'vector';
  if (resultType !== expected) return failure(query, 'QUERY_TYPE_WRONG', wrongType(expected, resultType));
  const all = z.array(seriesSchema).safeParse(result);
  if (!all.success) return failure(query, 'ANSWER_MALFORMED', `The ${expected} has series of another shape.`);
  const [series, ...others] = all.data;
  if (series === undefined) {
    return nothing(query, joined('Prometheus has no such series in this window.', warnings), warnings);
  }
  if (others.length > 0) return failure(query, 'QUERY_NOT_ONE_SERIES', severalSeries(all.data));
  const samples = mode === 'range' ? series.values : series.value && [series.value];
  if (samples === undefined) {
    const reason = 'The series holds histograms, not numbers; take one number from them, as histogram_quantile does.';
    return failure(query, 'QUERY_TYPE_WRONG', reason);
  }
  return readSamples(question, series.metric, samples, warnings);
}

function readSamples(
  { query, window }: PrometheusQuestion,
  labels: Readonly<Record<string, string>>,
  samples: Samples,
  warnings: readonly string[],
): ReadAnswer {
  const points: MetricPoint[] = [];
  let last = -Infinity;
  for (const [seconds, text] of samples) {
    const value = decimalNumber(text);
    const at = new Date(Math.round(seconds * 1000));
    if (value === undefined) return failure(query, 'ANSWER_MALFORMED', `"${shownText(text, 40)}" is not a number.`);
    if (Number.isNaN(at.getTime()) || at.getTime() <= last) {
      return failure(query, 'ANSWER_MALFORMED', `The times of the points do not ascend, at ${seconds}.`);
    }
    last = at.getTime();
    points.push({ at, value });
  }
  if (last > window.to.getTime() + CLOCK_TOLERANCE_MS) {
    const ahead = shownSpan(last - window.to.getTime());
    const reason = `The newest point, ${shownTime(new Date(last))}, is ${ahead} after the window; compare the clocks.`;
    return failure(query, 'PROVIDER_CLOCK_SKEW', joined(reason, warnings));
  }
  const inside = points.filter(({ at }) => at >= window.from);
  if (inside.length === 0 && points.length > 0) {
    const age = shownSpan(window.from.getTime() - last);
    const reason = `All points are stale: the newest, ${shownTime(new Date(last))}, is ${age} older than the window.`;
    return nothing(query, joined(reason, warnings), warnings);
  }
  const finite = inside.filter(({ value }) => Number.isFinite(value));
  if (finite.length === 0) {
    const reason = inside.length === 0 ? 'The series has no points.' : `No point is a number: ${oddValues(inside)}.`;
    return nothing(query, joined(reason, warnings), warnings);
  }
  const odd = inside.length - finite.length;
  const left = odd === 0 ? [] : [`${odd} of ${inside.length} points are left out: ${oddValues(inside)}.`];
  return { kind: 'series', points: finite, labels, query, warnings: [...warnings, ...left] };
}

/** 422: the query failed while it ran. 503 is also how Prometheus says that it took too long, which is no refusal. */
function isQueryAtFault(status: number): boolean {
  return status === 400 || status === 422;
}

function refusedBy(reply: PrometheusReply): string {
  if (reply.status >= 300 && reply.status < 400) {
    return `It answers ${reply.status}, a redirect; redirects are not followed, so name the address it leads to.`;
  }
  const hint = reply.status === 404 ? ' Is its address right? Is there a path before /api/v1?' : '';
  return `It answers ${reply.status}: ${typeAndStart(reply)}${hint}`;
}

function typeAndStart({ contentType, body }: PrometheusReply): string {
  return body === '' ? 'nothing.' : `${shownText(contentType, 60) || 'no type'}, "${shownText(body, 80)}".`;
}

function wrongType(expected: string, got: string): string {
  const hint = got === 'matrix' ? '; leave its range selector [...] to a function such as rate' : '';
  return `The query must give a ${expected} and gives a ${shownText(got, 40)}${hint}.`;
}

/** Which labels tell several series apart, and by which values. */
function severalSeries(all: readonly Series[]): string {
  const names = [...new Set(all.flatMap(({ metric }) => Object.keys(metric)))];
  const telling = names.flatMap((name) => {
    const values = [...new Set(all.map(({ metric }) => metric[name] ?? '(none)'))];
    if (values.length < 2) return [];
    const more = values.length > SHOWN_VALUES ? ', …' : '';
    return [
      `${name} (${values
        .slice(0, SHOWN_VALUES)
        .map((each) => shownText(each, 60))
        .join(', ')}${more})`,
    ];
  });
  const apart = telling.length > 0 ? `, told apart by ${telling.slice(0, 10).join(', ')}` : '';
  return `The query must give one series and gives ${all.length}${apart}. Sum them, or pick one by a label.`;
}

function oddValues(points: readonly MetricPoint[]): string {
  return [...new Set(points.filter(({ value }) => !Number.isFinite(value)).map(({ value }) => String(value)))].join(
    ', ',
  );
}

function clockNotice(aheadMs: number | undefined): readonly string[] {
  if (aheadMs === undefined || Math.abs(aheadMs) <= CLOCK_TOLERANCE_MS) return [];
  return [`The provider's clock is ${shownSpan(aheadMs)} ${aheadMs > 0 ? 'ahead of' : 'behind'} ours.`];
}

function joined(reason: string, warnings: readonly string[]): string {
  return [reason, ...warnings].join(' ');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
