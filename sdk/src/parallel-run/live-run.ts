import type { CompiledRun } from './read-settings.js';
import { afterCall, type Breaker, CLOSED, letThrough } from './breaker.js';
import { debtAfter, nextRate } from './governor.js';
import { Redactor } from './redactor.js';
import type { RecordedCandidate } from './run-recorder.js';

/** How often the rate is reconsidered, milliseconds, and at once when so many calls' budget is spent. */
const INTERVAL_MS = 1_000;
const OVERSPENT_CALLS = 100;
/**
 * Of an interval's calls so many are timed one by one; of those that follow, one in so many: clocks cost as much as calls.
 * Calls that follow so many in one interval take less than 4 ms each, so that a quarter of a second goes by untimed at most.
 */
const TIMED_CALLS = 256;
const TIMED_EVERY = 64;

/** A run that is on: its settings, and how it has been going in this process. */
export class LiveRun {
  readonly redactor: Redactor;
  /** Its settings are others now, or it is off: what still comes in counts nowhere. */
  isOver = false;
  /** Its arms have answered with promises before: a call of it is seldom over at once. */
  answersLater = false;
  /** Its user was told to name the input of its calls. */
  isAdvised = false;
  /** Shadow arms that have not come to an end. */
  atWork = 0;
  /** Monotonic milliseconds of the newest timed call. */
  nowMs = 0;
  /** Where the last call was counted: most calls of a run are of one candidate and version. */
  recorded: RecordedCandidate | undefined;
  /** Where calls of one candidate that name no versions are counted. */
  unversioned: RecordedCandidate | undefined;
  readonly #breakers = new Map<string, Breaker>();
  /** Of the sampled calls, the part that may be run. */
  #rate = 1;
  /** Milliseconds added beyond the budget; negative where there is some left. Nothing is run while it is owed. */
  #debtMs = 0;
  #fromMs = Number.NaN;
  #calls = 0;
  #addedMs = 0;
  #timed = 0;
  #untimed = 0;

  constructor(readonly compiled: CompiledRun) {
    this.redactor = new Redactor(compiled.settings.digestKey, compiled.isRawPath);
  }

  /** Whether a sampled call may be run; one that may not is shed, and pays off what others have overdrawn. */
  admits(random: () => number): boolean {
    this.#calls += 1;
    if (this.#debtMs <= 0 && (this.#rate >= 1 || random() < this.#rate)) return true;
    this.#debtMs = debtAfter(this.#debtMs, 0, 1, this.compiled.settings.budget);
    return false;
  }

  /** Whether the call that begins now is to be timed. */
  isTimed(): boolean {
    if (this.#timed < TIMED_CALLS || this.#untimed + 1 >= TIMED_EVERY) {
      this.#timed += 1;
      return true;
    }
    this.#untimed += 1;
    return false;
  }

  /** Charges what a timed call added, which stands for the untimed ones before it, and reconsiders the rate. */
  charge(addedMs: number, nowMs: number, loopDelayMs: number): void {
    const { budget } = this.compiled.settings;
    const calls = this.#untimed + 1;
    this.#untimed = 0;
    this.nowMs = nowMs;
    const cost = addedMs >= 0 ? addedMs * calls : 0;
    this.#debtMs = debtAfter(this.#debtMs, cost, calls, budget);
    this.#addedMs += cost;
    if (Number.isNaN(this.#fromMs)) this.#fromMs = nowMs;
    if (nowMs - this.#fromMs < INTERVAL_MS && this.#addedMs < OVERSPENT_CALLS * budget.addedMs) return;
    this.#rate = nextRate(this.#rate, { meanAddedMs: this.#addedMs / Math.max(1, this.#calls), loopDelayMs }, budget);
    this.#fromMs = nowMs;
    this.#calls = this.#addedMs = this.#timed = 0;
  }

  /** Whether any arm has failed of late. */
  get isInTrouble(): boolean {
    return this.#breakers.size > 0;
  }

  /** Whether an arm must not be called, as far as its breaker says. */
  isBroken(arm: string, nowMs: number): boolean {
    return letThrough(this.#breakers.get(arm) ?? CLOSED, nowMs) === undefined;
  }

  /** Takes in that an arm that is not broken is called. */
  noteCall(arm: string, nowMs: number): void {
    const after = letThrough(this.#breakers.get(arm) ?? CLOSED, nowMs);
    if (after !== undefined && after !== CLOSED) this.#breakers.set(arm, after);
  }

  /** What an arm's call came to. */
  settle(arm: string, isFailure: boolean, nowMs: number): void {
    const after = afterCall(this.#breakers.get(arm) ?? CLOSED, isFailure, nowMs);
    if (after === CLOSED) this.#breakers.delete(arm);
    else this.#breakers.set(arm, after);
  }
}
