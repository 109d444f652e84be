import type { MetricView, ReleaseView } from '../release-view.js';

interface Units {
  readonly stable: number;
  readonly candidate: number;
}

/**
 * The part of the units that the candidate really had, 0 to 1: since an earlier look at the same attempt where there is
 * one, else since the attempt began. Undefined while there are none.
 */
export function realPart(release: ReleaseView, earlier?: ReleaseView): number | undefined {
  const now = unitsOf(release);
  const before = earlier?.attempt === release.attempt ? unitsOf(earlier) : { stable: 0, candidate: 0 };
  const candidate = now.candidate - before.candidate;
  const all = candidate + now.stable - before.stable;
  return all > 0 ? candidate / all : undefined;
}

/** Of every subject as the metric that saw most of it counts them, added up. In parallel runs both arms see all inputs. */
function unitsOf({ rollout }: ReleaseView): Units {
  const bySubject = new Map<string, Units>();
  for (const { subject, stable, candidate } of rollout?.metrics ?? []) {
    if (stable === undefined || candidate === undefined || subject.startsWith('parallel-run/')) continue;
    const seen = bySubject.get(subject) ?? { stable: 0, candidate: 0 };
    if (stable.units + candidate.units < seen.stable + seen.candidate) continue;
    bySubject.set(subject, { stable: stable.units, candidate: candidate.units });
  }
  return [...bySubject.values()].reduce(
    (sum, { stable, candidate }) => ({ stable: sum.stable + stable, candidate: sum.candidate + candidate }),
    { stable: 0, candidate: 0 },
  );
}

/** How long a release that runs will take at the least, in milliseconds: holds that are left, and the bake time. */
export function leastTimeLeftMs({ policy, rollout }: ReleaseView, now: Date): number | undefined {
  if (rollout === null || rollout.finishedAt !== null) return undefined;
  const { phase, stepIndex, since } = rollout;
  const spentMs = since === null ? 0 : now.getTime() - new Date(since).getTime();
  const left = (seconds: number): number => Math.max(0, seconds * 1_000 - spentMs);
  if (phase === 'baking') return left(policy.bakeSeconds);
  const later = policy.steps.slice(stepIndex + 1).reduce((sum, step) => sum + step.holdSeconds, policy.bakeSeconds);
  return left(policy.steps[stepIndex]?.holdSeconds ?? 0) + later * 1_000;
}

/** How far the evidence of harm is on its way to its limit, 0 to 1; undefined where the metric has no such limit. */
export function evidencePart({ evidence, limit }: MetricView): number | undefined {
  if (evidence === undefined || limit === undefined || limit <= 0) return undefined;
  return Math.min(1, Math.max(0, evidence / limit));
}

/** Where every step of the policy is: done, under way, or yet to come. */
export function stepStates({ status, policy, rollout }: ReleaseView): readonly ('done' | 'now' | 'later')[] {
  return policy.steps.map((_step, index) => {
    if (rollout === null) return 'later';
    if (status === 'released' || rollout.phase === 'baking' || index < rollout.stepIndex) return 'done';
    return index === rollout.stepIndex ? 'now' : 'later';
  });
}
