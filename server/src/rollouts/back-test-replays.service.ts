import { Injectable } from '@nestjs/common';
import { precondition } from '../kernel/errors.js';
import { Transactions } from '../kernel/transactions.js';
import { type PolicyDocument, SlicedWork } from '../policies/index.js';
import {
  NO_REPLAY,
  type Replay,
  replayedMetrics,
  type ReplayedRollout,
  type ReplaySummary,
  replayTicks,
  summariseReplays,
} from './back-test.js';
import { BackTestsRepository, type FinishedRollout } from './back-tests.repository.js';
import type { ReasonCode } from './rollout.js';
import { RolloutsRepository } from './rollouts.repository.js';

/** More takes a server longer than anybody waits. */
const MAX_OBSERVATIONS = 200_000;
/** So few that reading them holds nothing up. */
const PAGE = 100;

export type ReplayedOne = ReplayedRollout &
  Pick<FinishedRollout, 'releaseId' | 'attempt' | 'startedAt' | 'finishedAt'> & {
    readonly rolloutId: string;
    /** Why it ended as it did. */
    readonly reasonCode: ReasonCode;
    /** Ticks that were replayed: none after the policy would have rolled back. */
    readonly ticks: number;
  };

export type RecordedPart = ReplaySummary & { readonly rollouts: readonly ReplayedOne[] };

/** Replays recorded rollouts through a policy. */
@Injectable()
export class BackTestReplays {
  constructor(
    private readonly transactions: Transactions,
    private readonly records: BackTestsRepository,
    private readonly rollouts: RolloutsRepository,
    private readonly work: SlicedWork,
  ) {}

  /** Throws `precondition` where more is on record than one request may read. */
  async replay(
    policy: PolicyDocument,
    where: { readonly projectId: string; readonly environmentId: string | undefined; readonly limit: number },
  ): Promise<RecordedPart> {
    const finished = await this.transactions.read((tx) => this.records.listFinished(tx, where));
    const observations = finished.reduce((sum, each) => sum + each.observations, 0);
    if (observations > MAX_OBSERVATIONS) {
      const message =
        `These ${finished.length} rollouts recorded ${observations} ticks; at most ${MAX_OBSERVATIONS} are replayed ` +
        `at once. Ask for fewer "releases".`;
      throw precondition('BACK_TEST_TOO_LARGE', message);
    }
    const rollouts: ReplayedOne[] = [];
    for (const each of finished) {
      const replayed = await this.replayOne(policy, each);
      if (replayed !== undefined) rollouts.push(replayed);
    }
    return { ...summariseReplays(rollouts), rollouts };
  }

  /** Undefined where it is gone since. What it measured never changes, so that every page may be read by itself. */
  private async replayOne(policy: PolicyDocument, finished: FinishedRollout): Promise<ReplayedOne | undefined> {
    const { id, releaseId, attempt, status, startedAt, finishedAt } = finished;
    const rollout = await this.transactions.read((tx) => this.rollouts.find(tx, id));
    if (rollout === null) return undefined;
    const metrics = replayedMetrics(policy, rollout);
    let replay: Replay = NO_REPLAY;
    let tick = -1;
    while (metrics.length > 0 && replay.fired === null) {
      const after = { tick, limit: PAGE };
      const page = await this.transactions.read((tx) => this.records.listObservationsAfter(tx, id, after));
      replay = await this.work.run(replayTicks(replay, metrics, page));
      tick = page.at(-1)?.tick ?? tick;
      if (page.length < PAGE) break;
    }
    const { fired, ticks } = replay;
    const isComparable = replay.evidence.size > 0;
    const reasonCode = rollout.ramp.reason.code;
    return {
      rolloutId: id,
      releaseId,
      attempt,
      status,
      reasonCode,
      startedAt,
      finishedAt,
      ticks,
      isComparable,
      fired,
    };
  }
}
