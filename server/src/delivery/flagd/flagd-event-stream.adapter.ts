import type { PreparedSnapshot } from '../prepared-snapshot.provider.js';
import { TakenStream } from '../taken-stream.adapter.js';
import {
  changeBetween,
  type ConfigurationChange,
  type FlagdEvent,
  joinChanges,
  KEEP_ALIVE,
  PROVIDER_READY,
} from './flagd-event.js';

/**
 * One open EventStream. What changes while its client takes nothing is gathered: the keys of those flags.
 *
 * Each change is told once more, a whole beat later: clients ask at once and keep what they are answered, and behind a
 * balancer the one who answers may be a replica that has not come to the change yet.
 */
export class FlagdEventStream extends TakenStream<FlagdEvent> {
  private next: FlagdEvent | undefined = PROVIDER_READY;
  private pending: ConfigurationChange | undefined;
  private sinceBeat: ConfigurationChange | undefined;
  private beforeBeat: ConfigurationChange | undefined;

  constructor(
    private newest: PreparedSnapshot,
    cutOff: () => void,
  ) {
    super(cutOff);
  }

  override bringTo(snapshot: PreparedSnapshot): void {
    if (snapshot.position === this.newest.position) return;
    const change = changeTo(snapshot, this.newest);
    this.newest = snapshot;
    if (change === undefined) return;
    this.pending = join(this.pending, change);
    this.sinceBeat = join(this.sinceBeat, change);
    this.goOn();
  }

  override beat(): void {
    super.beat();
    if (this.beforeBeat !== undefined) this.pending = join(this.beforeBeat, this.pending);
    this.beforeBeat = this.sinceBeat;
    this.sinceBeat = undefined;
    this.next ??= KEEP_ALIVE;
    this.goOn();
  }

  protected override take(): FlagdEvent | undefined {
    const { next, pending } = this;
    this.next = undefined;
    if (next === PROVIDER_READY || pending === undefined) return next;
    this.pending = undefined;
    return pending;
  }
}

interface Step {
  /** A position, not its snapshot: that would keep each one before it in memory. */
  readonly from: string;
  readonly change: ConfigurationChange | undefined;
}

/** What leads to a snapshot, found once for all streams: nearly all come from the one before, and send one message. */
const steps = new WeakMap<PreparedSnapshot, Step>();

function changeTo(after: PreparedSnapshot, before: PreparedSnapshot): Step['change'] {
  const known = steps.get(after);
  if (known?.from === before.position) return known.change;
  const change = changeBetween(before.compiled.snapshot, after.compiled.snapshot);
  steps.set(after, { from: before.position, change });
  return change;
}

/** What the last change that came upon another made of the two, for streams of the same environment see the same. */
const joined = new WeakMap<
  ConfigurationChange,
  { readonly then: ConfigurationChange; readonly both: ConfigurationChange }
>();

function join(first: ConfigurationChange | undefined, then: ConfigurationChange): ConfigurationChange;
function join(first: ConfigurationChange, then: ConfigurationChange | undefined): ConfigurationChange;
function join(first: ConfigurationChange | undefined, then: ConfigurationChange | undefined) {
  if (first === undefined || then === undefined) return first ?? then;
  const known = joined.get(first);
  if (known?.then === then) return known.both;
  const both = joinChanges(first, then);
  joined.set(first, { then, both });
  return both;
}
