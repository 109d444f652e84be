import type { Clock } from '../../kernel/clock.js';
import { measureSafely } from './measure-safely.adapter.js';
import { failure, type ReadAnswer } from './metric-answer.js';
import type { MetricCalls } from './metric-calls.adapter.js';
import { type MetricAnswer, MetricProvider, type MetricWindow } from './metric-provider.js';
import type { BoundQuery, JsonQuery } from './metric-query.js';
import { readJsonAnswer } from './read-json-answer.js';
import { codeOf } from './read-prometheus-answer.js';

const MAX_BYTES = 1024 * 1024;

/** Asks any endpoint that answers JSON for one number. It knows no past: the one point is of the moment it answers. */
export class JsonEndpointProvider extends MetricProvider<JsonQuery> {
  constructor(
    private readonly calls: MetricCalls,
    private readonly clock: Clock,
  ) {
    super();
  }

  override measure(query: BoundQuery<JsonQuery>, _window: MetricWindow, signal: AbortSignal): Promise<MetricAnswer> {
    const { method, url, path, headers, body } = query;
    const asked = `${method} ${url} ${path}`;
    return measureSafely({ asked, secrets: this.calls.secretsIn(headers), signal }, async () => {
      const reply = await this.calls.call(
        {
          url,
          method,
          headers,
          ownHeaders: { accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }) },
          ...(body !== undefined && { body: JSON.stringify(body) }),
          maxBytes: MAX_BYTES,
          manner: method === 'GET' ? 'repeatable' : 'once',
        },
        signal,
      );
      if (reply.status !== 200) return refusal(asked, reply.status);
      return readJsonAnswer(asked, path, { body: reply.body.toString('utf8'), at: this.clock.now() });
    });
  }
}

function refusal(asked: string, status: number): ReadAnswer {
  const code = codeOf(status);
  const hint = code === 'PROVIDER_REDIRECTED' ? ', and redirects are not followed' : '';
  return failure(asked, code, `It answers ${status}${hint}; 200 is expected.`);
}
