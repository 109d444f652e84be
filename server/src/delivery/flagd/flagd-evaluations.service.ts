import { Injectable } from '@nestjs/common';
import { evaluate, type EvaluationContext } from '@sluice/sdk/evaluation';
import type { Cell } from '../../platform/metrics/tally.js';
import { EvaluationTally } from '../evaluation-tally.provider.js';
import type { PreparedSnapshot } from '../prepared-snapshot.provider.js';
import { SnapshotCache } from '../snapshot-cache.service.js';
import { StreamHub } from '../stream-hub.service.js';
import {
  type FlagdAnswer,
  type FlagdBulkAnswer,
  type FlagdType,
  type FlagdValues,
  toFlagdAnswer,
  toFlagdBulkAnswer,
} from './flagd-answer.js';
import type { FlagdCaller } from './flagd-callers.provider.js';
import { FlagdEventStream } from './flagd-event-stream.adapter.js';
import { checkSelector } from './selector.js';

/** What flagd's clients ask of one flag. */
export interface FlagdQuestion {
  readonly flagKey: string;
  /** As JSON; absent: an empty one. */
  readonly context?: EvaluationContext | undefined;
}

/** flagd's evaluations, whatever carries them: of the same snapshot and by the same evaluator as everybody's. */
@Injectable()
export class FlagdEvaluations {
  private readonly evaluations: Cell;

  constructor(
    private readonly cache: SnapshotCache,
    private readonly streams: StreamHub,
    tally: EvaluationTally,
  ) {
    this.evaluations = tally.of('flagd');
  }

  /** One flag. Throws as toFlagdAnswer and checkSelector do, and as SnapshotCache.get. */
  async resolve<Type extends FlagdType>(
    caller: FlagdCaller,
    { flagKey, context = {} }: FlagdQuestion,
    type: Type,
  ): Promise<FlagdAnswer<FlagdValues[Type]>> {
    const { compiled } = await this.snapshotOf(caller);
    this.evaluations.count += 1;
    return toFlagdAnswer(flagKey, evaluate(compiled, flagKey, context), type);
  }

  /** Every flag that has a value for the context. Throws as checkSelector does, and as SnapshotCache.get. */
  async resolveAll(
    caller: FlagdCaller,
    context: EvaluationContext = {},
  ): Promise<{ flags: Record<string, FlagdBulkAnswer>; metadata: { flagSetId: string } }> {
    const { compiled, flagSetId } = await this.snapshotOf(caller);
    const flags: [string, FlagdBulkAnswer][] = [];
    let count = 0;
    for (const key of compiled.keys()) {
      const answer = toFlagdBulkAnswer(evaluate(compiled, key, context));
      if (answer !== undefined) flags.push([key, answer]);
      count += 1;
    }
    this.evaluations.count += count;
    return { flags: Object.fromEntries(flags), metadata: { flagSetId } };
  }

  /** A stream of what changes from now on. `cutOff` gives up a client that takes nothing. */
  async follow(caller: FlagdCaller, cutOff: () => void): Promise<FlagdEventStream> {
    const snapshot = await this.snapshotOf(caller);
    const stream = new FlagdEventStream(snapshot, cutOff);
    this.streams.keep({ audience: 'flagd', ...caller }, snapshot, () => stream);
    return stream;
  }

  private async snapshotOf({ environmentId, selector }: FlagdCaller): Promise<PreparedSnapshot> {
    const snapshot = await this.cache.get(environmentId);
    checkSelector(selector, snapshot.flagSetId);
    return snapshot;
  }
}
