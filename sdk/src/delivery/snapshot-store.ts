import {
  applyPatch,
  changedFlags,
  type CompiledServices,
  compileServices,
  compileSnapshot,
  type CompiledSnapshot,
} from '../evaluation/index.js';
import { findFlag } from '../evaluation/compile-snapshot.js';
import type { FlagType, Snapshot, SnapshotPatch } from '../evaluation/snapshot.js';
import { type CompiledRuns, compileRuns, NO_RUNS } from '../parallel-run/read-settings.js';
import { type Exposures, exposuresOf, NO_EXPOSURES } from '../telemetry/exposures.js';

export interface Change {
  readonly revision: number;
  /** Keys of the flags whose answers may differ now, sorted. */
  readonly flagsChanged: readonly string[];
}

/** The snapshot being served. It is replaced whole or not at all: one that does not compile throws and changes nothing. */
export class SnapshotStore {
  #snapshot: Snapshot | undefined;
  #compiled: CompiledSnapshot | undefined;
  #services: CompiledServices | undefined;
  #exposures = NO_EXPOSURES;
  #parallelRuns = NO_RUNS;
  #etag: string | undefined;

  get snapshot(): Snapshot | undefined {
    return this.#snapshot;
  }

  get compiled(): CompiledSnapshot | undefined {
    return this.#compiled;
  }

  /** Undefined before the first snapshot. */
  get services(): CompiledServices | undefined {
    return this.#services;
  }

  /** Which of the snapshot's answers are exposures to arms that are compared. */
  get exposures(): Exposures {
    return this.#exposures;
  }

  /** The parallel runs that are on: the same map until any of them changes. */
  get parallelRuns(): CompiledRuns {
    return this.#parallelRuns;
  }

  /** The validator of the snapshot when it came by polling; streams carry none. */
  get etag(): string | undefined {
    return this.#etag;
  }

  get revision(): number | null {
    return this.#snapshot?.revision ?? null;
  }

  typeOf(flagKey: string): FlagType | undefined {
    return this.#compiled && findFlag(this.#compiled, flagKey)?.type;
  }

  /** Serves this snapshot from now on, whatever its revision: a restored control plane may count from lower. */
  put(snapshot: Snapshot, etag?: string): Change | undefined {
    const compiled = compileSnapshot(snapshot, this.#compiled);
    const services = compileServices(snapshot.services);
    const exposures = exposuresOf(compiled, services);
    const before = this.#snapshot;
    const flagsChanged = changedFlags(before, snapshot);
    if (before?.parallelRuns !== snapshot.parallelRuns) this.#parallelRuns = compileRuns(snapshot.parallelRuns);
    this.#snapshot = snapshot;
    this.#compiled = compiled;
    this.#services = services;
    this.#exposures = exposures;
    this.#etag = etag;
    if (before?.revision === snapshot.revision && flagsChanged.length === 0) return undefined;
    return { revision: snapshot.revision, flagsChanged };
  }

  /** Applies a patch. `gap` when it was not made for the revision being served. */
  patch(patch: SnapshotPatch): Change | undefined | 'gap' {
    const after = this.#snapshot && applyPatch(this.#snapshot, patch);
    return after ? this.put(after) : 'gap';
  }
}
