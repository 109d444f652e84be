import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';

/** A tick of other work waits no longer for this one. */
const SLICE_MS = 8;

/** Runs long reckoning in slices, so that the process goes on answering between them. */
@Injectable()
export class SlicedWork {
  /** Goes through all steps of the work and answers its result; each step must be short. */
  async run<T>(work: Generator<void, T>): Promise<T> {
    let since = performance.now();
    for (;;) {
      const step = work.next();
      if (step.done === true) return step.value;
      if (performance.now() - since < SLICE_MS) continue;
      await setImmediate();
      since = performance.now();
    }
  }
}
