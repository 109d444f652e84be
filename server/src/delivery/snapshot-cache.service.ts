import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { notFound, type SluiceError, unavailable } from '../kernel/errors.js';
import { Bus } from '../platform/bus/bus.js';
import { Sweep } from '../platform/jobs/sweep.js';
import { ENVIRONMENT_CHANGED } from '../projects/index.js';
import type { PreparedSnapshot } from './prepared-snapshot.provider.js';
import { ServedEnvironment } from './served-environment.provider.js';
import { SnapshotSource } from './snapshot-source.js';

/** Finds the changes that the bus did not tell of. */
const SWEEP_MS = 1_000;

type ChangeListener = (environmentId: string, snapshot: PreparedSnapshot | undefined) => void;

/**
 * The newest snapshot of every environment that was asked for, in memory: requests ask no database. The bus tells of
 * changes at once; a sweep asks for all revisions every second, and at once after a gap, and finds what was missed. While
 * the store is away, the last snapshot is served.
 */
@Injectable()
export class SnapshotCache implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(SnapshotCache.name);
  private readonly environments = new Map<string, ServedEnvironment>();
  private readonly listeners = new Set<ChangeListener>();
  private readonly sweep = new Sweep(() => this.catchUp(), {
    everyMs: SWEEP_MS,
    what: 'Looking for changed environments',
  });
  private readonly unsubscribe: (() => void)[] = [];

  constructor(
    private readonly source: SnapshotSource,
    private readonly bus: Bus,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.unsubscribe.push(
      this.bus.subscribe(ENVIRONMENT_CHANGED, ({ environmentId, revision }) => {
        const served = this.environments.get(environmentId);
        // What was missed before it comes with it: a load brings all that the store has.
        if (served !== undefined && (served.current?.revision ?? -1) < revision) this.refreshInBackground(served);
      }),
      this.bus.onGap(() => this.sweep.wake()),
    );
    this.sweep.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    for (const unsubscribe of this.unsubscribe) unsubscribe();
    return this.sweep.stop();
  }

  /** Calls back with every new snapshot; undefined: the environment is gone. */
  onChange(listener: ChangeListener): void {
    this.listeners.add(listener);
  }

  /** What is in memory of an environment; asks nobody. */
  peek(environmentId: string): PreparedSnapshot | undefined {
    return this.environments.get(environmentId)?.current;
  }

  /** The newest of every environment that is in memory. */
  served(): readonly PreparedSnapshot[] {
    return [...this.environments.values()].flatMap(({ current }) => current ?? []);
  }

  /**
   * The snapshot of an environment, at least at the revision that the client has seen elsewhere, if there is such a
   * one. Throws `notFound`, or `unavailable` while the first load fails.
   */
  async get(environmentId: string, seenRevision?: number): Promise<PreparedSnapshot> {
    const served = this.environments.get(environmentId) ?? this.add(environmentId);
    try {
      await served.firstLoad();
      await served.catchUpWith(seenRevision);
    } catch (error) {
      this.logger.warn(error, 'Loading a snapshot failed; trying again.');
      if (served.current === undefined) {
        throw unavailable('SNAPSHOT_UNAVAILABLE', 'The snapshot cannot be loaded now; try again soon.', {
          data: { retryAfterSeconds: 1 },
        });
      }
    }
    if (served.current !== undefined) return served.current;
    this.environments.delete(environmentId);
    throw environmentGone();
  }

  private add(environmentId: string): ServedEnvironment {
    const served = new ServedEnvironment(environmentId, this.source, this.clock, () => {
      for (const listener of this.listeners) listener(environmentId, served.current);
    });
    this.environments.set(environmentId, served);
    return served;
  }

  private async catchUp(): Promise<void> {
    if (this.environments.size === 0) return;
    const revisions = new Map((await this.source.revisions()).map(({ id, revision }) => [id, revision]));
    for (const [id, served] of this.environments) {
      if (served.current !== undefined && served.current.revision !== revisions.get(id)) {
        this.refreshInBackground(served);
      }
    }
  }

  private refreshInBackground(served: ServedEnvironment): void {
    served.refresh().catch((error: unknown) => this.logger.warn(error, 'Loading a snapshot failed; trying again.'));
  }
}

/** Why a token of an environment that was removed is of no more use. */
export function environmentGone(): SluiceError {
  return notFound('ENVIRONMENT_GONE', 'The environment of this token no longer exists.');
}
