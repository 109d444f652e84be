import { Injectable, Logger } from '@nestjs/common';
import type { Judged } from './judge.js';
import { stepOf } from './rollout.js';
import type { Look } from './rollout-looks.service.js';

/** Asks the webhooks that a step waits for. */
@Injectable()
export class RolloutGates {
  private readonly logger = new Logger(RolloutGates.name);

  /**
   * The webhook gates that have agreed by now, by index. They are asked once the step's time is up and nothing bad is
   * known; one that has agreed is not asked again. Whatever goes wrong is no agreement.
   */
  async ask({ rollout, now, freeze }: Look, { state, results }: Judged): Promise<readonly number[]> {
    const { ramp } = rollout;
    const step = stepOf(rollout);
    const isDue = ramp.since !== null && now.getTime() >= new Date(ramp.since).getTime() + step.holdSeconds * 1_000;
    const isIdle = ramp.phase !== 'watching' || ramp.paused !== null || freeze !== undefined || state === 'fail';
    if (isIdle || !isDue) return ramp.openGates;
    const asked = step.gates.map(async (gate, index) => {
      if (gate.kind !== 'webhook' || ramp.openGates.includes(index)) return [];
      const body = { rolloutId: rollout.id, releaseId: rollout.releaseId, attempt: rollout.attempt };
      const agrees = await this.post(gate, { ...body, stepIndex: ramp.stepIndex, share: ramp.share, results });
      return agrees ? [index] : [];
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
