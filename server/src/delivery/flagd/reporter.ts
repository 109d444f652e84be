import type { Logic } from './json-logic.js';
import type { Problem } from './uncarried.js';

/** What is found out about something that other things are made of. */
export interface Findings {
  readonly problems: readonly Problem[];
  /** Contexts of which flagd cannot tell: for those it answers an error, and never a guess. */
  readonly untold: readonly Logic[];
}

/** A person needs no more to see what is wrong; by many ways round, the same is found again and again. */
const MOST_PROBLEMS = 20;

/** Takes note of what flagd cannot say of one flag or segment. */
export class Reporter implements Findings {
  readonly problems: Problem[] = [];
  readonly #untold = new Map<string, Logic>();

  get untold(): readonly Logic[] {
    return [...this.#untold.values()];
  }

  /** The flag cannot be carried; what is made of the rest of it is thrown away. The first twenty reasons are kept. */
  cannotSay(path: string, reason: string): void {
    if (this.problems.length < MOST_PROBLEMS) this.problems.push({ path, reason });
  }

  /** For contexts of which this holds it cannot be told. */
  cannotTell(condition: Logic): void {
    this.#untold.set(JSON.stringify(condition), condition);
  }

  /** What was found in something, a segment or flag, that is met at a path. */
  passOn({ problems, untold }: Findings, path: string, through: string): void {
    for (const each of problems) {
      this.cannotSay([path, through, each.path].filter((part) => part !== '').join(' > '), each.reason);
    }
    for (const each of untold) this.cannotTell(each);
  }
}
