import { JsonEndpointProvider } from '../../src/analysis/providers/json-endpoint.provider.js';
import type { JsonQuery, PrometheusQuery, SyntheticQuery } from '../../src/analysis/providers/metric-query.js';
import { PrometheusProvider } from '../../src/analysis/providers/prometheus.provider.js';
import { SyntheticProvider } from '../../src/analysis/providers/synthetic.provider.js';
import { replyJson, replyText } from '../fakes/metric-host.js';
import type { ProviderKind } from './metric-provider-contract.js';

/** A reply of Prometheus' HTTP API with one series, or with none. */
export function matrix(...series: readonly { readonly metric: object; readonly values: readonly unknown[] }[]): object {
  return { status: 'success', data: { resultType: 'matrix', result: series } };
}

export const prometheusKind: ProviderKind<PrometheusQuery> = {
  open: (calls, clock) => new PrometheusProvider(calls, clock),
  query: (address, headers) => ({ kind: 'prometheus', address, query: 'errors{version="{{version}}"}', headers }),
  well: (at) => {
    const seconds = at.getTime() / 1000;
    const values = [-30, -15, 0].map((before) => [seconds + before, '0.25']);
    const body = JSON.stringify(matrix({ metric: { version: '2.0.1' }, values }));
    return (_request, response) => {
      response.writeHead(200, { date: at.toUTCString(), 'content-type': 'application/json' }).end(body);
    };
  },
  empty: { reply: replyJson(matrix()) },
  downIs: 'an error',
};

export const jsonKind: ProviderKind<JsonQuery> = {
  open: (calls, clock) => new JsonEndpointProvider(calls, clock),
  query: (url, headers) => ({ kind: 'json', url: `${url}/{{service}}`, path: "$['{{version}}'].errors", headers }),
  well: () => replyJson({ '2.0.1': { errors: 3 } }),
  empty: { reply: replyJson({ '2.0.0': { errors: 3 } }) },
  downIs: 'an error',
};

export const syntheticKind: ProviderKind<SyntheticQuery> = {
  open: (calls, clock) => new SyntheticProvider(calls, clock, () => () => undefined),
  query: (url, headers) => ({ kind: 'synthetic', url: `${url}/healthz?v={{version}}`, headers }),
  well: () => replyText('ok'),
  empty: { reply: replyText('gone', 410), change: { value: 'durationMs' } },
  downIs: 'a zero',
};
