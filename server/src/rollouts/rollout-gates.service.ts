import { Injectable, Logger } from '@nestjs/common';
import { GateCaller, type GateQuestion } from './gate-caller.js';
import { Inquiries } from './inquiries.service.js';
import type { Judged } from './judge.js';
import { clockStart } from './ramp-clock.js';
import { stepOf } from './rollout.js';
import type { Look } from './rollout-looks.service.js';

/** Gates whose last answer is remembered; one that is forgotten is logged once more. */
const MAX_SAID = 1_000;

/** Asks the webhooks that a step waits for. */
@Injectable()
export class RolloutGates {
  private readonly logger = new Logger(RolloutGates.name);

  /** What the gates that wait said last. */
  private readonly said = new Map<string, string>();

  constructor(
    private readonly inquiries: Inquiries,
    private readonly caller: GateCaller,
  ) {}

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
      const key = `gate_${rollout.id}_${stepIndex}_${index}`;
      const question = { id: key, url: gate.url, timeoutMs: gate.timeoutMs };
      const agrees = await this.inquiries.ask(key, () =>
        this.post(key, { ...question, body: { ...body, stepIndex, share, results } }),
      );
      return agrees === true ? [index] : [];
    });
    return [...ramp.openGates, ...(await Promise.all(asked)).flat()];
  }

  private async post(key: string, question: GateQuestion): Promise<boolean> {
    const answer = await this.caller.ask(question);
    if (answer.kind === 'agrees') {
      this.said.delete(key);
      return true;
    }
    this.note(
      key,
      `The gate at ${new URL(question.url).host} does not agree, and its rollout waits: ${answer.sentence}`,
    );
    return false;
  }

  /** A gate may be asked for days: only what it has not said before is news. */
  private note(key: string, sentence: string): void {
    if (this.said.get(key) === sentence) return;
    this.said.delete(key);
    this.said.set(key, sentence);
    const oldest = this.said.keys().next();
    if (this.said.size > MAX_SAID && oldest.done !== true) this.said.delete(oldest.value);
    this.logger.warn(sentence);
  }
}
