import { expect } from '@jest/globals';
import { StoredSnapshots } from '../../src/delivery/stored-snapshots.service.js';
import { ServiceTraffics } from '../../src/deployments/index.js';
import { FlagRamps } from '../../src/flags/index.js';
import { contentOf } from '../../src/flags/parse-settings.js';
import { FULL_SHARE } from '../../src/kernel/share.js';
import type { Transaction } from '../../src/kernel/transactions.js';
import { clientOf } from '../../src/platform/prisma/prisma-transactions.js';
import type { Release } from '../../src/releases/release.js';
import { ReleasesRepository } from '../../src/releases/releases.repository.js';
import {
  comparedSubjects,
  type RampTarget,
  settingsAt,
  snapshotRampsOf,
  subjectOf,
} from '../../src/rollouts/ramp-target.js';
import { isHolding, type ReasonCode, type Rollout, type RolloutStatus } from '../../src/rollouts/rollout.js';
import {
  type ObservationRecord,
  RolloutsRepository,
  type VerdictRecord,
} from '../../src/rollouts/rollouts.repository.js';
import type { RampWorld } from './ramp-world.js';

/** A rollout with all that was ever recorded of it. */
interface Recorded {
  /** Of all this, as the store has it: the same as long as nothing of it changes. */
  readonly digest: string;
  readonly rollout: Rollout;
  readonly verdicts: readonly VerdictRecord[];
  readonly observations: readonly ObservationRecord[];
}

const ENDS: Readonly<Record<Exclude<RolloutStatus, 'running'>, readonly ReasonCode[]>> = {
  released: ['PROMOTED_ON_EVIDENCE', 'PROMOTED_WITHOUT_EVIDENCE'],
  rolledBack: ['EVIDENCE_BAD', 'DEADLINE_PASSED', 'SHIFT_REFUSED', 'ROLLED_BACK_BY_HAND'],
  aborted: ['ABORTED_BY_HAND', 'TAKEN_OVER_BY_HAND'],
  superseded: ['SUPERSEDED'],
};
const BY_HAND: readonly ReasonCode[] = ['SKIPPED_BY_HAND', 'PROMOTED_BY_HAND'];
const EVERYTHING = { limit: 1_000, after: undefined };
const RATIOS = [1.25, 1.5, 2, 2.5, 3, 4, 6, 8, 12, 20];

/** What must be so after whatever happened. Knows what was so before, and asks the store alone. */
export class Invariants {
  private before = new Map<string, Recorded>();
  /** How attempts ended, and why shares were raised. */
  readonly seen = new Set<string>();
  /** What each subject decided when nothing ramped it. */
  private settled = new Map<string, unknown>();

  constructor(
    private readonly world: RampWorld,
    /** Flags that were edited by hand in this command: what they decide is that person's. */
    readonly editedByHand = new Set<string>(),
  ) {}

  async check(): Promise<void> {
    const { world } = this;
    const { all, releases, decided } = await world.store.run(async (tx) => {
      const releases = await new ReleasesRepository().listPage(tx, world.projectId, EVERYTHING, {});
      return { releases, all: await this.recorded(tx, releases), decided: await this.decided(tx) };
    });
    const running = all.map(({ rollout }) => rollout).filter(({ status }) => status === 'running');
    const subjects = running.flatMap(({ targets }) => targets.map(subjectOf));
    expect(new Set(subjects).size).toBe(subjects.length);

    for (const { rollout, verdicts, observations } of all) {
      const was = this.before.get(rollout.id)?.rollout;
      if (was !== undefined && was.status !== 'running') {
        expect(rollout).toEqual(was);
        continue;
      }
      this.checkEvidence(rollout, verdicts, observations);
      if (rollout.status === 'running') this.checkShare(rollout, decided);
      else if (was?.status === 'running') this.checkEnd(rollout, running, decided);
      this.checkRaise(was, rollout, { verdicts, observations });
      if (was === undefined) this.checkBegin(rollout, all);
    }
    this.checkReleases(releases, all);
    await this.checkSnapshot(running, decided);
    this.before = new Map(all.map((recorded) => [recorded.rollout.id, recorded]));
    for (const [subject, content] of decided) if (!subjects.includes(subject)) this.settled.set(subject, content);
    this.editedByHand.clear();
  }

  /** Every attempt, the oldest first. What is in the store as it was before is not read again. */
  private async recorded(tx: Transaction, releases: readonly Release[]): Promise<readonly Recorded[]> {
    const digests = await this.digests(tx);
    const all: Recorded[] = [];
    for (const release of releases) {
      for (let attempt = 1; attempt <= release.attempt; attempt += 1) {
        const digest = digests.get(`${release.id} ${attempt}`);
        if (digest === undefined) throw new Error(`Attempt ${attempt} of ${release.id} is not there.`);
        const known = [...this.before.values()].find((each) => each.digest === digest);
        all.push(known ?? { digest, ...(await readAttempt(tx, release.id, attempt)) });
      }
    }
    return all.sort((a, b) => (a.rollout.id < b.rollout.id ? -1 : 1));
  }

  /** By release and attempt. */
  private async digests(tx: Transaction): Promise<ReadonlyMap<string, string>> {
    const rows = await clientOf(tx).$queryRaw<{ release_id: string; attempt: number; digest: string }[]>`
      SELECT release_id, attempt, md5(concat(rollout,
        (SELECT string_agg(verdict::text, ' ' ORDER BY verdict::text) FROM verdict WHERE rollout_id = rollout.id),
        (SELECT string_agg(seen::text, ' ' ORDER BY tick) FROM rollout_observation seen WHERE rollout_id = rollout.id)
      )) AS digest
      FROM rollout WHERE environment_id = ${this.world.environmentId}::uuid`;
    return new Map(rows.map(({ release_id, attempt, digest }) => [`${release_id} ${attempt}`, digest]));
  }

  /** What every subject decides now, read as the product reads it. */
  private async decided(tx: Transaction): Promise<ReadonlyMap<string, unknown>> {
    const { world } = this;
    const decided = new Map<string, unknown>();
    const project = { id: world.projectId, key: world.projectKey };
    for (const flag of ['cart', 'banner']) {
      const { settings } = await world.services.get(FlagRamps).settings(tx, project, flag, world.environmentId);
      decided.set(`flag/${flag}`, contentOf(settings));
    }
    const at = { projectId: world.projectId, environmentId: world.environmentId, key: 'checkout' };
    const traffic = await world.services.get(ServiceTraffics).current(tx, at);
    decided.set('service/checkout', { stable: traffic?.stable, candidate: traffic?.candidate });
    return decided;
  }

  /** All targets stand at exactly the rollout's share. */
  private checkShare(rollout: Rollout, decided: ReadonlyMap<string, unknown>): void {
    for (const target of rollout.targets) {
      expect([rollout.id, decided.get(subjectOf(target))]).toEqual([rollout.id, contentAt(target, rollout.ramp.share)]);
    }
  }

  /** Everything is put back, or everything is kept, but for what a person took over. */
  private checkEnd(rollout: Rollout, running: readonly Rollout[], decided: ReadonlyMap<string, unknown>): void {
    const { status, ramp, targets } = rollout;
    this.seen.add(`${status}: ${ramp.reason.code}`);
    // A rollout that has just ended is not running.
    expect(ENDS[status as keyof typeof ENDS]).toContain(ramp.reason.code);
    if (ramp.reason.code === 'DEADLINE_PASSED') expect(rollout.policy.onDeadline.action).toBe('rollBack');
    if (ramp.reason.code === 'EVIDENCE_BAD') expect(this.world.isGuilty(rollout.id)).toBe(true);
    expect(ramp.share).toBe(status === 'released' ? FULL_SHARE : 0);
    for (const target of targets) {
      const subject = subjectOf(target);
      if (this.editedByHand.has(subject)) continue;
      const next = running.find((other) => other.targets.some((each) => subjectOf(each) === subject));
      const now = next === undefined ? decided.get(subject) : beforeOf(next, subject);
      expect([subject, now]).toEqual([subject, status === 'released' ? keptContent(target) : target.before]);
    }
  }

  /** An attempt goes back to what was decided when nothing ramped it. */
  private checkBegin(rollout: Rollout, all: readonly Recorded[]): void {
    for (const target of rollout.targets) {
      const subject = subjectOf(target);
      const older = all.filter((each) => each.rollout.id < rollout.id && beforeOf(each.rollout, subject) !== undefined);
      const isFromRest = older.every((each) => this.before.get(each.rollout.id)?.rollout.status !== 'running');
      if (isFromRest && this.settled.has(subject)) expect(target.before).toEqual(this.settled.get(subject));
    }
  }

  /** No share grows but on good evidence, by hand, or on record without; and never in a freeze. */
  private checkRaise(
    was: Rollout | undefined,
    { policy, ramp, evidence, status }: Rollout,
    { verdicts, observations }: Pick<Recorded, 'verdicts' | 'observations'>,
  ): void {
    if (was === undefined || ramp.share <= was.ramp.share) return;
    const now = this.world.clock.now();
    const isFrozen = policy.freezeWindows.some(
      (window) => 'starts' in window && new Date(window.starts) <= now && now < new Date(window.ends),
    );
    expect(isFrozen).toBe(false);
    expect(verdicts.map(({ state }) => state)).not.toContain('fail');
    const { code } = ramp.reason;
    if (status === 'running') this.seen.add(`raised: ${code}`);
    if (BY_HAND.includes(code)) return;
    expect(['PROMOTED_ON_EVIDENCE', 'PROMOTED_WITHOUT_EVIDENCE']).toContain(code);
    if (code === 'PROMOTED_WITHOUT_EVIDENCE') {
      expect(policy.onDeadline.action).toBe('promote');
      expect(evidence.state).not.toBe('error');
      return;
    }
    expect([status, evidence.state, verdicts.at(-1)?.state]).toEqual(['running', 'pass', 'pass']);
    // By the record, not by what was made of it: each query's last answer was good, and given in this step.
    const answers = observations.flatMap(({ body }) => body.queries);
    for (const subject of new Set(answers.map((answer) => answer.subject))) {
      const last = answers.filter((answer) => answer.subject === subject).at(-1);
      expect(last?.state).toBe('pass');
      expect(Date.parse(last?.to ?? '')).toBeGreaterThanOrEqual(Date.parse(was.ramp.since ?? ''));
    }
  }

  /** What was measured is reckoned again, by hand: once it is beyond the limit, the attempt is over. */
  private checkEvidence(
    rollout: Rollout,
    verdicts: readonly VerdictRecord[],
    observations: readonly ObservationRecord[],
  ): void {
    const ticks = observations.map(({ tick }) => tick);
    expect(ticks).toEqual([...new Set(ticks)].sort((a, b) => a - b));
    if (verdicts.some(({ state }) => state === 'fail')) expect(rollout.status).toBe('rolledBack');
    const counts = observations.flatMap(({ body }) => body.counts);
    const subjects = new Set(counts.map(({ subject }) => subject));
    const compared = comparedSubjects(rollout.targets).length;
    const limit = Math.log(compared / rollout.policy.alpha);
    const isHarmful = [...subjects].some((subject) => {
      const logE = RATIOS.map((ratio) =>
        counts
          .filter((count) => count.subject === subject && count.stableUnits * count.candidateUnits > 0)
          .reduce((sum, { candidateUnits, stableUnits, candidateBad, stableBad, phi }) => {
            const share = candidateUnits / (candidateUnits + stableUnits);
            const bad = candidateBad + stableBad;
            return sum + (candidateBad * Math.log(ratio) - bad * Math.log(1 - share + share * ratio)) / phi;
          }, 0),
      );
      return Math.log(logE.reduce((sum, each) => sum + Math.exp(each), 0) / RATIOS.length) >= limit;
    });
    const answers = observations.flatMap(({ body }) => body.queries);
    if (isHarmful || answers.some(({ state }) => state === 'fail')) {
      expect([rollout.id, rollout.status, rollout.ramp.reason.code]).toEqual([
        rollout.id,
        'rolledBack',
        'EVIDENCE_BAD',
      ]);
    }
  }

  private checkReleases(releases: readonly Release[], all: readonly Recorded[]): void {
    const rollouts = all.map(({ rollout }) => rollout);
    for (const release of releases) {
      const rollout = rollouts.find(
        ({ releaseId, attempt }) => releaseId === release.id && attempt === release.attempt,
      );
      const isUnderWay = ['running', 'holding'].includes(release.status);
      expect([release.status, rollout?.status === 'running']).toEqual([release.status, isUnderWay]);
      if (rollout === undefined) continue;
      if (rollout.status === 'running') {
        expect(release.status).toBe(isHolding(rollout.ramp.reason) ? 'holding' : 'running');
      } else if (release.status !== 'queued' && release.startedAt !== null && release.finishedAt !== null) {
        // A new attempt may be queued, given up or passed over after the last one ended.
        expect([[rollout.status], ['aborted'], ['superseded']]).toContainEqual([release.status]);
      }
    }
  }

  /** SDKs are told exactly what the rollouts say. */
  private async checkSnapshot(running: readonly Rollout[], decided: ReadonlyMap<string, unknown>): Promise<void> {
    const { world } = this;
    const snapshot = await world.services.get(StoredSnapshots).load(world.environmentId);
    const ramps = running.flatMap(snapshotRampsOf).sort((a, b) => (a.subject < b.subject ? -1 : 1));
    expect(snapshot?.ramps ?? []).toEqual(ramps);
    for (const flag of snapshot?.flags ?? []) {
      const content = decided.get(`flag/${flag.key}`) as { readonly on: boolean; readonly defaultServe: unknown };
      expect([flag.on, flag.defaultServe]).toEqual([content.on, content.defaultServe]);
    }
    const traffic = decided.get('service/checkout') as {
      readonly stable: { readonly version: string };
      readonly candidate: { readonly version: string; readonly share: number } | null;
    };
    const candidate = traffic.candidate && { version: traffic.candidate.version, share: traffic.candidate.share };
    const shown = { key: 'checkout', stable: traffic.stable.version, ...(candidate === null ? {} : { candidate }) };
    expect(snapshot?.services).toEqual([shown]);
  }
}

async function readAttempt(tx: Transaction, releaseId: string, attempt: number): Promise<Omit<Recorded, 'digest'>> {
  const rollouts = new RolloutsRepository();
  const rollout = await rollouts.findAttempt(tx, releaseId, attempt);
  if (rollout === null) throw new Error(`Attempt ${attempt} of ${releaseId} is not there.`);
  return {
    rollout,
    verdicts: await rollouts.listVerdicts(tx, rollout.id),
    observations: await rollouts.listObservations(tx, rollout.id),
  };
}

function beforeOf({ targets }: Rollout, subject: string): unknown {
  return targets.find((target) => subjectOf(target) === subject)?.before;
}

function contentAt(target: RampTarget, share: number): unknown {
  if (target.kind === 'flag') return settingsAt(target, share);
  if (target.kind === 'parallelRun') throw new Error('The model samples no parallel runs.');
  return { stable: target.before.stable, candidate: { ...target.candidate, share } };
}

function keptContent(target: RampTarget): unknown {
  if (target.kind === 'service') return { stable: target.candidate, candidate: null };
  return contentAt(target, FULL_SHARE);
}
