import type { PreparedSnapshot } from '../prepared-snapshot.provider.js';
import { TakenStream } from '../taken-stream.provider.js';
import {
  changesBetween,
  configurationChange,
  type FlagChange,
  type FlagdEvent,
  KEEP_ALIVE,
  PROVIDER_READY,
} from './flagd-event.js';

/** One open EventStream. What changes while its client takes nothing is gathered: the keys of those flags. */
export class FlagdEventStream extends TakenStream<FlagdEvent> {
  private next: FlagdEvent | undefined = PROVIDER_READY;
  private pending = new Map<string, FlagChange>();

  constructor(
    private newest: PreparedSnapshot,
    cutOff: () => void,
  ) {
    super(cutOff);
  }

  override bringTo(snapshot: PreparedSnapshot): void {
    if (snapshot.position === this.newest.position) return;
    for (const [key, change] of changesTo(snapshot, this.newest)) this.pending.set(key, change);
    this.newest = snapshot;
    if (this.pending.size > 0) this.goOn();
  }

  override beat(): void {
    super.beat();
    this.next ??= KEEP_ALIVE;
    this.goOn();
  }

  protected override take(): FlagdEvent | undefined {
    const { next } = this;
    this.next = undefined;
    if (next === PROVIDER_READY || this.pending.size === 0) return next;
    const changes = this.pending;
    this.pending = new Map();
    return configurationChange(changes);
  }
}

interface Step {
  /** A position, not its snapshot: that would keep each one before it in memory. */
  readonly from: string;
  readonly changes: ReadonlyMap<string, FlagChange>;
}

/** What leads to a snapshot, found once for all streams: nearly all come from the one before. */
const steps = new WeakMap<PreparedSnapshot, Step>();

function changesTo(after: PreparedSnapshot, before: PreparedSnapshot): Step['changes'] {
  const known = steps.get(after);
  if (known?.from === before.position) return known.changes;
  const changes = changesBetween(before.compiled.snapshot, after.compiled.snapshot);
  steps.set(after, { from: before.position, changes });
  return changes;
}
