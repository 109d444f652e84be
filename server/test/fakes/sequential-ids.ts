import { Ids } from '../../src/kernel/ids.js';

/** Numbered identifiers, in the shape and order of real ones. */
export class SequentialIds extends Ids {
  private last = 0;

  override next(): string {
    this.last += 1;
    return idNumber(this.last);
  }
}

/** The n-th identifier. */
export function idNumber(n: number): string {
  return `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
}
