import type { Json } from '../../kernel/json.js';
import { fillTemplate, type MetricArguments, parseTemplate } from './argument-template.js';
import { fillPath } from './json-path.js';
import type { BoundQuery, MetricQuery } from './metric-query.js';
import type { MetricWindow } from './metric-provider.js';
import { fillPromql, promqlDuration } from './promql-template.js';
import { fillUrl } from './url-template.js';

/** Whose metric it is. */
export type MetricSubject = Omit<MetricArguments, 'window'>;

/**
 * Fills in the arguments of a query that a policy holds, each value escaped for the language it stands in: no version
 * name, however odd, changes what is asked or whom.
 */
export function bindQuery<Q extends MetricQuery>(
  query: Q,
  subject: MetricSubject,
  window: MetricWindow,
): BoundQuery<Q> {
  const span = window.to.getTime() - window.from.getTime();
  // The only place that makes the brand, which exists for the compiler alone.
  return fill(query, { ...subject, window: promqlDuration(span) }) as unknown as BoundQuery<Q>;
}

function fill(query: MetricQuery, values: MetricArguments): MetricQuery {
  switch (query.kind) {
    case 'prometheus':
      return { ...query, query: fillPromql(query.query, values) };
    case 'json': {
      const filled = { ...query, url: fillUrl(query.url, values), path: fillPath(query.path, values) };
      return query.body === undefined ? filled : { ...filled, body: fillJson(query.body, values) };
    }
    case 'synthetic':
      return { ...query, url: fillUrl(query.url, values) };
  }
}

function fillJson<T extends Json>(value: T, values: MetricArguments): T {
  // Texts stay texts, lists stay lists, and objects keep their keys.
  return fillAny(value, values) as T;
}

function fillAny(value: Json, values: MetricArguments): Json {
  if (typeof value === 'string') return fillTemplate(parseTemplate(value), values, (each) => each);
  if (Array.isArray(value)) return value.map((each: Json) => fillAny(each, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fillAny(inner, values)]));
}
