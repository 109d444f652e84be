import type { Difference, DifferenceKind, NumericDelta } from './difference.js';
import { formatPath, type Step } from './path.js';

/** What a comparison has found so far, and where it stands. */
export class Findings {
  readonly kept: Difference[] = [];
  readonly waived: Difference[] = [];
  /** Something was not looked at. */
  isCut = false;
  /** No more is to be looked at. */
  isOver = false;

  constructor(private readonly limit: number) {}

  add(place: Place, pair: Pair, isWaived: boolean): void {
    const list = isWaived ? this.waived : this.kept;
    if (list.length < this.limit) {
      list.push(differenceAt(place, pair));
    } else if (!isWaived) {
      this.cut();
    }
  }

  cut(): void {
    this.isCut = true;
    this.isOver = true;
  }

  /** Forgets what was found since the lists had these lengths. */
  undo(kept: number, waived: number): void {
    this.kept.length = kept;
    this.waived.length = waived;
  }
}

export interface Place {
  readonly steps: readonly Step[];
  /** How many of the steps lead to the place. */
  readonly length: number;
  readonly kind: DifferenceKind;
  readonly transition: string;
}

export interface Pair {
  readonly control: unknown;
  readonly candidate: unknown;
  readonly delta?: NumericDelta | undefined;
}

function differenceAt({ steps, length, kind, transition }: Place, { control, candidate, delta }: Pair): Difference {
  const difference = { path: formatPath(steps, length), kind, transition, control, candidate };
  return delta === undefined ? difference : { ...difference, delta };
}
