import type { MetricsConfig } from '../../platform/config/metrics.js';
import { CallFailure } from './call-failure.js';
import type { HostGuards } from './host-guards.adapter.js';
import { isHostListed } from './host-rules.js';
import { callHttp, type HttpReply } from './http-call.adapter.js';
import type { MetricHeaders } from './metric-query.js';
import { shownText } from './shown-text.js';

export interface MetricRequest {
  readonly url: string;
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly headers: MetricHeaders;
  /** Headers of ours, which policies may replace. */
  readonly ownHeaders?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly maxBytes: number;
  /** See GuardedWork. */
  readonly manner: 'repeatable' | 'once' | 'probe';
  readonly timeoutMs?: number;
}

/** What a host said in so many words while it is in trouble. */
class TroubledReply extends CallFailure {
  constructor(readonly reply: HttpReply) {
    super('PROVIDER_FAILED', `It answers ${reply.status}.`, 'outage');
  }
}

const USER_AGENT = 'sluice-metrics';
const TROUBLE: ReadonlySet<number> = new Set([500, 502, 503, 504]);

/** Calls metric hosts as the settings allow, secrets filled in, behind the guards of each host. */
export class MetricCalls {
  constructor(
    private readonly config: MetricsConfig,
    private readonly guards: HostGuards,
  ) {}

  /** How long one try may take, in milliseconds. */
  get timeoutMs(): number {
    return this.guards.timeoutMs;
  }

  /** Answers whatever the host answered last, be it an error's status. Rejects with CallFailure. */
  async call(request: MetricRequest, signal: AbortSignal): Promise<HttpReply> {
    const url = this.allowed(request.url);
    const own = lowerCase({ 'user-agent': USER_AGENT, ...request.ownHeaders });
    const headers = { ...own, ...this.headersFor(url, request.headers) };
    const { method, body, maxBytes, manner, timeoutMs } = request;
    const call = { url, method, headers, maxBytes, ...(body !== undefined && { body }) };
    const run = async (within: AbortSignal): Promise<HttpReply> => {
      const reply = await callHttp({ ...call, beyond: manner === 'probe' ? 'cut' : 'fail' }, within);
      if (manner !== 'probe' && TROUBLE.has(reply.status)) throw new TroubledReply(reply);
      return reply;
    };
    try {
      const work = { host: url.origin, manner, run, ...(timeoutMs !== undefined && { timeoutMs }) };
      return await this.guards.run(work, signal);
    } catch (error) {
      if (error instanceof TroubledReply) return error.reply;
      throw error;
    }
  }

  /** The secrets that headers name, as far as they are known: what no answer may show. */
  secretsIn(headers: MetricHeaders): readonly string[] {
    return Object.values(headers).flatMap((value) => {
      const secret = typeof value === 'string' ? undefined : this.config.secrets.get(value.secret);
      return secret === undefined ? [] : [secret.value];
    });
  }

  private allowed(text: string): URL {
    const url = new URL(text);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
      throw new CallFailure('PROVIDER_HOST_FORBIDDEN', 'Only http:// and https:// are asked.');
    }
    if (this.config.hosts !== undefined && !isHostListed(url, this.config.hosts)) {
      throw new CallFailure('PROVIDER_HOST_FORBIDDEN', `${shownText(url.host)} is not in SLUICE_METRIC_HOSTS.`);
    }
    return url;
  }

  /** Headers with their secrets, each for its own hosts only: else a policy could send one anywhere and read it there. */
  private headersFor(url: URL, headers: MetricHeaders): Record<string, string> {
    const filled = Object.entries(headers).map(([name, value]): [string, string] => {
      if (typeof value === 'string') return [name, value];
      const secret = this.config.secrets.get(value.secret);
      if (secret !== undefined && isHostListed(url, secret.hosts)) return [name, secret.value];
      const setting = `SLUICE_METRIC_SECRET_${value.secret}`;
      const reason =
        secret === undefined ? `${setting} is not set.` : `${setting} may not be sent to ${shownText(url.host)}.`;
      throw new CallFailure('PROVIDER_SECRET_UNKNOWN', reason);
    });
    return lowerCase(Object.fromEntries(filled));
  }
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
