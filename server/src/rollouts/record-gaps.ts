import { KEPT_DAYS } from './observation.js';
import type { VerdictBundle } from './replay.js';
import type { ReasonCode } from './rollout.js';

/** Where an attempt may stand, or end, that nobody has looked at yet. To everything else only a tick leads. */
const WITHOUT_TICK: ReadonlySet<string> = new Set<ReasonCode>([
  'REACHING',
  'WATCHING',
  'PAUSED',
  'GUARDRAIL_BROKEN',
  'SKIPPED_BY_HAND',
  'PROMOTED_BY_HAND',
  'ROLLED_BACK_BY_HAND',
  'ABORTED_BY_HAND',
  'TAKEN_OVER_BY_HAND',
  'SUPERSEDED',
]);

/** The record of an attempt, and whether any metric was ever good in it. */
type Recorded = Pick<VerdictBundle, 'rollout' | 'ticks' | 'verdicts'> & { readonly hasGood: boolean };

/**
 * What the record of an attempt lacks for where the attempt has come to, in sentences: what is there may fit together
 * and not be all. Bundles of older servers say less of themselves, and are held to what they say.
 */
export function recordGaps({ rollout, ticks, verdicts, hasGood }: Recorded): readonly string[] {
  const { status, reason, verdict, keptTicks = ticks.length } = rollout;
  const recorded = verdicts.at(-1)?.state ?? null;
  const last = `the last verdict recorded is ${recorded ?? 'none'}`;
  const gaps: string[] = [];
  if (keptTicks !== ticks.length) {
    const why = keptTicks > ticks.length ? ` Measurements are kept for ${KEPT_DAYS} days after the end.` : '';
    gaps.push(`The attempt kept ${keptTicks} ticks, and ${ticks.length} are here.${why}`);
  }
  if (new Set(verdicts.map(({ tick }) => tick)).size < verdicts.length) gaps.push('A tick has more than one verdict.');
  if (verdict !== undefined && verdict !== recorded) {
    gaps.push(`The attempt's own last verdict is ${verdict ?? 'none'}, and ${last}.`);
  } else if (reason.code === 'EVIDENCE_BAD' && recorded !== 'fail') {
    gaps.push(`It was rolled back on bad evidence, and ${last}.`);
  } else if (reason.code === 'PROMOTED_ON_EVIDENCE' && !hasGood) {
    gaps.push('It went on because of good evidence, and nothing good is recorded.');
  }
  const isUnseen = WITHOUT_TICK.has(reason.code) && status !== 'released';
  if (ticks.length + verdicts.length === 0 && !isUnseen)
    gaps.push(`It is ${status} (${reason.code}), and no tick is recorded.`);
  return gaps;
}
