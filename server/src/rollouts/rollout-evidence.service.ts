import { Injectable } from '@nestjs/common';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { SlicedWork } from '../policies/index.js';
import { EvidenceReplay, type EvidenceSeries, type RecordedTick } from './evidence-replay.js';
import { differenceOf, type MeansOfArms, type MetricDifference } from './metric-difference.js';
import type { MetricResult } from './metric-result.js';
import type { Rollout } from './rollout.js';
import { RolloutsRepository } from './rollouts.repository.js';

/** Attempts whose evidence is kept at hand, so that who looks again waits only for what is new. */
const MAX_REPLAYS = 32;
/** Ticks that are read at once. */
const BATCH = 500;

/** A metric as it stands, with how far the candidate is from the stable arm. */
export type ComparedMetric = MetricResult & { readonly difference: MetricDifference | null };

type Judged = Pick<Rollout, 'id' | 'policy' | 'targets' | 'evidence'>;

/** Shows what rollouts were judged by, for people to look at. */
@Injectable()
export class RolloutEvidence {
  /** By rollout, in the order of their last use; each is extended by one at a time. */
  private readonly replays = new Map<string, Promise<EvidenceReplay>>();

  constructor(
    private readonly transactions: Transactions,
    private readonly rollouts: RolloutsRepository,
    private readonly work: SlicedWork,
  ) {}

  /** How the evidence of every metric grew, at most so many points each; none once its measurements are forgotten. */
  async series(rollout: Judged, most: number): Promise<readonly EvidenceSeries[]> {
    const { id, policy, targets, evidence } = rollout;
    const known = this.replays.get(id) ?? Promise.resolve(new EvidenceReplay({ policy, targets }, evidence.before));
    const extended = known.then((replay) => this.extend(id, replay));
    this.replays.delete(id);
    this.replays.set(id, extended);
    // What failed half-way is begun anew.
    extended.catch(() => this.replays.delete(id));
    const oldest = this.replays.keys().next();
    if (this.replays.size > MAX_REPLAYS && oldest.done !== true) this.replays.delete(oldest.value);
    return (await extended).series(most);
  }

  /** Every metric as it stood at the last tick, with its difference. */
  async metrics(tx: Transaction, { id, policy, evidence }: Judged): Promise<readonly ComparedMetric[]> {
    const hasMeans = policy.metrics.some(({ kind }) => kind === 'mean');
    const means = hasMeans ? await this.meansOf(tx, id) : new Map<string, MeansOfArms>();
    return evidence.results.map((result) => {
      return { ...result, difference: differenceOf(result, means.get(`${result.subject} ${result.metric}`)) };
    });
  }

  private async meansOf(tx: Transaction, id: string): Promise<ReadonlyMap<string, MeansOfArms>> {
    const last = await this.rollouts.lastObservation(tx, id);
    return new Map((last?.body.means ?? []).map((mean) => [`${mean.subject} ${mean.metric}`, mean]));
  }

  private async extend(id: string, replay: EvidenceReplay): Promise<EvidenceReplay> {
    for (;;) {
      const stretch = { tick: replay.lastTick, limit: BATCH };
      const ticks = await this.transactions.read((tx) => this.rollouts.listObservationsAfter(tx, id, stretch));
      await this.work.run(addAll(replay, ticks));
      if (ticks.length < BATCH) return replay;
    }
  }
}

function* addAll(replay: EvidenceReplay, ticks: readonly RecordedTick[]): Generator<void, void> {
  for (const tick of ticks) {
    replay.add(tick);
    yield;
  }
}
