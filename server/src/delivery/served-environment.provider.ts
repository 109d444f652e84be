import type { Clock } from '../kernel/clock.js';
import { PreparedSnapshot } from './prepared-snapshot.provider.js';
import type { SnapshotSource } from './snapshot-source.js';

/** How often clients that know of a later revision can make us look for it. */
const CATCH_UP_PAUSE_MS = 200;

/**
 * One environment as this replica serves it. Loads follow one another, never side by side: so the one that ends last
 * began last, and what it found is the newest, even when its revision is lower (a restored backup).
 */
export class ServedEnvironment {
  private prepared: PreparedSnapshot | undefined;
  private loading: Promise<void> | undefined;
  private following: Promise<void> | undefined;
  private caughtUpAtMs = 0;

  constructor(
    private readonly id: string,
    private readonly source: SnapshotSource,
    private readonly clock: Clock,
    private readonly onChange: () => void,
  ) {}

  /** What is served now; undefined before the first load, and when there is no such environment. */
  get current(): PreparedSnapshot | undefined {
    return this.prepared;
  }

  /** Resolves when something has been loaded; a load already on its way is enough. */
  async firstLoad(): Promise<void> {
    if (this.prepared === undefined) await (this.loading ?? this.refresh());
  }

  /** Loads by a read that begins after this call. Callers that come while one waits to begin share it. */
  refresh(): Promise<void> {
    if (this.following !== undefined) return this.following;
    if (this.loading === undefined) return this.begin();
    this.following = this.loading.catch(() => undefined).then(() => this.begin());
    return this.following;
  }

  /** Looks for a revision that a client has seen elsewhere; not more often than makes sense. */
  async catchUpWith(revision: number | undefined): Promise<void> {
    if (revision === undefined || this.prepared === undefined || revision <= this.prepared.revision) return;
    const nowMs = this.clock.now().getTime();
    if (nowMs - this.caughtUpAtMs < CATCH_UP_PAUSE_MS) return this.loading;
    this.caughtUpAtMs = nowMs;
    await this.refresh();
  }

  private begin(): Promise<void> {
    this.following = undefined;
    this.loading = this.load().finally(() => {
      this.loading = undefined;
    });
    return this.loading;
  }

  private async load(): Promise<void> {
    const snapshot = await this.source.load(this.id);
    const before = this.prepared;
    this.prepared = snapshot && new PreparedSnapshot(snapshot, this.clock.now(), before);
    if (this.prepared?.position === before?.position) this.prepared = before;
    else this.onChange();
  }
}
