import { Clock } from '../../src/kernel/clock.js';

/** A clock that moves only when told to. */
export class FakeClock extends Clock {
  private current: number;

  constructor(start = '2026-01-01T00:00:00.000Z') {
    super();
    this.current = Date.parse(start);
  }

  override now(): Date {
    return new Date(this.current);
  }

  advance(ms: number): void {
    this.current += ms;
  }
}
