import { setTimeout as later } from 'node:timers/promises';
import type { Load, Visit } from './load.js';

const PATIENCE_MS = 30_000;
const LOOK_EVERY_MS = 20;

/** All visits since it was opened. */
export class Journal {
  readonly visits: Visit[] = [];
  readonly startedMs = performance.now();
  private readonly stop: () => void;

  constructor(
    load: Load,
    private readonly crowd: { readonly instances: readonly string[]; readonly users: number },
  ) {
    this.stop = load.listen((visit) => this.visits.push(visit));
  }

  /**
   * Resolves once every user has been served by every instance at a revision or a newer one. Rejects when that does not
   * happen within 30 s.
   */
  async everyone(revision: number): Promise<void> {
    const { instances, users } = this.crowd;
    const deadlineMs = performance.now() + PATIENCE_MS;
    const met = new Set<string>();
    for (let read = 0; met.size < users * instances.length;) {
      for (; read < this.visits.length; read++) {
        const visit = this.visits[read];
        if (visit !== undefined && visit.revision >= revision) met.add(`${visit.instance} ${visit.user}`);
      }
      if (performance.now() > deadlineMs) {
        throw new Error(`Revision ${revision} did not reach everybody: ${met.size} of ${users * instances.length} met`);
      }
      await later(LOOK_EVERY_MS);
    }
  }

  close(): void {
    this.stop();
  }
}
