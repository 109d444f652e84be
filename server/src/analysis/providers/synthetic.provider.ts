import type { Clock } from '../../kernel/clock.js';
import { CallFailure } from './call-failure.js';
import type { HttpReply } from './http-call.adapter.js';
import { measureSafely } from './measure-safely.adapter.js';
import type { MetricCalls } from './metric-calls.adapter.js';
import { type MetricAnswer, type MetricErrorCode, MetricProvider, type MetricWindow } from './metric-provider.js';
import type { BoundQuery, SyntheticQuery } from './metric-query.js';
import { type Probe, readProbes } from './probe-ring.js';
import { type Every, SyntheticProber } from './synthetic-prober.adapter.js';

const MAX_BYTES = 256 * 1024;
/** What is wrong with the address, seen from here; every other failure is ours, and no probe. */
const PROBED: ReadonlySet<MetricErrorCode> = new Set<MetricErrorCode>(['PROVIDER_UNREACHABLE', 'PROVIDER_TIMEOUT']);

/** Looks at an address itself, at an interval: whether it answers as expected, and how fast. */
export class SyntheticProvider extends MetricProvider<SyntheticQuery> {
  private readonly prober: SyntheticProber;

  constructor(
    private readonly calls: MetricCalls,
    private readonly clock: Clock,
    every?: Every,
  ) {
    super();
    this.prober = new SyntheticProber(clock, (check, signal) => this.probe(check, signal), every);
  }

  override measure(
    query: BoundQuery<SyntheticQuery>,
    window: MetricWindow,
    signal: AbortSignal,
  ): Promise<MetricAnswer> {
    const { method, url, expectedStatus, bodyMatches, value, headers } = query;
    const matching = bodyMatches === undefined ? '' : ` and /${bodyMatches}/`;
    const asked = `${value} of ${method} ${url}, expecting ${expectedStatus}${matching}`;
    return measureSafely({ asked, secrets: this.calls.secretsIn(headers), signal }, async () => {
      const now = this.clock.now().getTime();
      const ring = await this.prober.probesOf(query);
      // A window that ends now is still open: the probe that the question itself began belongs to it.
      const isOpen = window.to.getTime() >= now - window.stepMs;
      const to = isOpen ? new Date(Math.max(window.to.getTime(), this.clock.now().getTime())) : window.to;
      return readProbes(asked, ring, { window: { ...window, to }, value });
    });
  }

  close(): void {
    this.prober.close();
  }

  private async probe(check: BoundQuery<SyntheticQuery>, signal: AbortSignal): Promise<Probe> {
    const at = this.clock.now();
    const began = performance.now();
    const reason = await this.complaintOf(check, signal);
    return { at, isSuccess: reason === '', durationMs: performance.now() - began, reason };
  }

  /** Why the address does not answer as expected; '' when it does. */
  private async complaintOf(check: BoundQuery<SyntheticQuery>, signal: AbortSignal): Promise<string> {
    const { url, method, headers, timeoutMs } = check;
    try {
      const request = { url, method, headers, timeoutMs, maxBytes: MAX_BYTES, manner: 'probe' as const };
      return complaintAbout(await this.calls.call(request, signal), check);
    } catch (error) {
      if (error instanceof CallFailure && PROBED.has(error.code)) return error.message;
      throw error;
    }
  }
}

function complaintAbout({ status, headers, body }: HttpReply, { expectedStatus, bodyMatches }: SyntheticQuery): string {
  if (status !== expectedStatus) return `It answers ${status} instead of ${expectedStatus}.`;
  if (bodyMatches === undefined) return '';
  const coding = headers['content-encoding'] ?? 'identity';
  if (coding !== 'identity') return `Its body is coded (${coding}), although nobody asked for that.`;
  return new RegExp(bodyMatches, 'u').test(body.toString('utf8')) ? '' : 'Its body is not as expected.';
}
