import { takeSnapshot } from '../comparison/index.js';
import { ArmHandle } from './arm-handle.js';
import type { Watched } from './deadline-watch.js';
import type { RunOperation } from './faults.js';
import type { ArmRole } from './invoke-arm.js';
import type { Outcome } from './judge.js';

/** An arm given up may stay at work for so many deadlines before its place goes to another. */
const PATIENCE = 10;

/** What an arm needs of its call. */
export interface CallOfArm {
  /** Of the parallel run. */
  readonly key: string;
  mayWrite(arm: Arm): boolean;
  note(operation: RunOperation, thrown: unknown): void;
  /** It is not waited for any more. */
  armIsLate(): void;
  /** Its work takes up no place any more. */
  armHasLeft(arm: Arm): void;
}

/** One arm of one sampled call. */
export class Arm implements Watched {
  /** running: it has not answered. answered: see its outcome. late: it was given up. */
  state: 'running' | 'answered' | 'late' = 'running';
  hasThrown = false;
  /** What it answered or threw, uncopied: to tell it from another's, and never to be read. */
  raw: unknown = undefined;
  /** Monotonic milliseconds; undefined, which costs no memory, where the call is not timed. */
  startMs: number | undefined = undefined;
  endMs: number | undefined = undefined;
  /** Counts the call's arms in the order in which they began. */
  position = 0;
  dueMs: number | undefined = undefined;
  deadlineMs = 0;
  older: Watched | undefined = undefined;
  younger: Watched | undefined = undefined;
  #copy: unknown = undefined;
  #unreadable: 'value' | 'error' | 'unknown' | undefined = undefined;
  #handle: ArmHandle | undefined;

  constructor(
    readonly role: ArmRole,
    readonly name: string,
    private readonly call: CallOfArm,
    /** Where it was called before. */
    handle?: ArmHandle,
  ) {
    this.#handle = handle;
  }

  /** Made when it is asked for: the control takes none. */
  get handle(): ArmHandle {
    return (this.#handle ??= new ArmHandle(this.call.key, this.name, this.call.mayWrite(this)));
  }

  /** How long it took, milliseconds; undefined where that was not measured. */
  get tookMs(): number | undefined {
    return this.startMs === undefined || this.endMs === undefined ? undefined : this.endMs - this.startMs;
  }

  /** Takes what it came to, as a copy, so that nobody can change it before it is compared. */
  answer(hasThrown: boolean, raw: unknown): void {
    this.state = 'answered';
    this.hasThrown = hasThrown;
    this.raw = raw;
    if (!isPrimitive(raw)) this.#take(raw);
  }

  /** Takes that nobody will know what it comes to. */
  answerUnknown(): void {
    this.state = 'answered';
    this.#unreadable = 'unknown';
  }

  get outcome(): Outcome {
    if (this.#unreadable !== undefined) return { kind: 'unreadable', of: this.#unreadable };
    const payload = isPrimitive(this.raw) ? this.raw : this.#copy;
    return this.hasThrown ? { kind: 'error', error: payload } : { kind: 'value', value: payload };
  }

  /** Whether both returned the same primitive. The same object may have been another when the other arm returned it. */
  isSameAs(other: Arm): boolean {
    return isPrimitive(this.raw) && this.#hasReturnedWhat(other);
  }

  /** Whether both returned the very same object, whatever became of it in between. */
  sharesAnswerWith(other: Arm): boolean {
    return !isPrimitive(this.raw) && this.#hasReturnedWhat(other);
  }

  giveUp(): void {
    if (this.state !== 'running') {
      this.call.armHasLeft(this);
      return;
    }
    this.state = 'late';
    this.deadlineMs *= PATIENCE - 1;
    this.handle.abort();
    this.call.armIsLate();
  }

  #hasReturnedWhat(other: Arm): boolean {
    if (this.hasThrown || other.hasThrown || this.#unreadable === 'unknown' || other.#unreadable === 'unknown')
      return false;
    return Object.is(this.raw, other.raw);
  }

  #take(raw: unknown): void {
    try {
      this.#copy = takeSnapshot(raw);
    } catch (thrown) {
      this.#unreadable = this.hasThrown ? 'error' : 'value';
      this.call.note('snapshot', thrown);
    }
  }
}

/** Whether it is no object: nobody can change it, and nothing has to be copied of it. */
export function isPrimitive(value: unknown): boolean {
  return (typeof value !== 'object' && typeof value !== 'function') || value === null;
}
