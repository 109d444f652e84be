import { Injectable, Logger } from '@nestjs/common';
import { Inquiries } from './inquiries.service.js';
import type { Judged } from './judge.js';
import { clockStart } from './ramp-clock.js';
import { stepOf } from './rollout.js';
import type { Look } from './rollout-looks.service.js';

/** Asks the webhooks that a step waits for. */
@Injectable()
export class RolloutGates {
  private readonly logger = new Logger(RolloutGates.name);

  constructor(private readonly inquiries: Inquiries) {}

  /**
   * The webhook gates that have agreed by now, by index. They are asked once the step's time is up and its metrics are
   * good; one that has agreed is not asked again. Whatever goes wrong is no agreement, and no tick waits for one.
   */
  async ask({ rollout, now, freeze }: Look, { results }: Judged): Promise<readonly number[]> {
    const { ramp } = rollout;
    const step = stepOf(rollout);
    const since = clockStart(ramp, now).getTime();
    const isDue = ramp.since !== null && now.getTime() >= since + step.holdSeconds * 1_000;
    // At the deadline the policy may go on without knowing: then the gate is asked all the same.
    const isLate = now.getTime() >= since + rollout.policy.onDeadline.afterSeconds * 1_000;
    const isUnknown = results.some((result) => result.isComparable && !result.dryRun && result.state !== 'pass');
    const isIdle = ramp.phase !== 'watching' || ramp.paused !== null || freeze !== undefined || (isUnknown && !isLate);
    if (isIdle || !isDue) return ramp.openGates;
    const asked = step.gates.map(async (gate, index) => {
      if (gate.kind !== 'webhook' || ramp.openGates.includes(index)) return [];
      const body = { rolloutId: rollout.id, releaseId: rollout.releaseId, attempt: rollout.attempt };
      const { stepIndex, share } = ramp;
      const agrees = await this.inquiries.ask(`gate ${rollout.id} ${stepIndex} ${index}`, () =>
        this.post(gate, { ...body, stepIndex, share, results }),
      );
      return agrees === true ? [index] : [];
    });
    return [...ramp.openGates, ...(await Promise.all(asked)).flat()];
  }

  private async post({ url, timeoutMs }: { url: string; timeoutMs: number }, body: object): Promise<boolean> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      await response.body?.cancel();
      return response.ok;
    } catch (error) {
      this.logger.warn(error, `The gate at ${new URL(url).host} did not answer; the rollout waits.`);
      return false;
    }
  }
}
