import type { ClientState } from './delivery/status.js';
import type { VersionChoice } from './evaluation/choose-version.js';
import type { EvaluationContext } from './evaluation/context.js';
import type { Evaluation } from './evaluation/reason.js';
import type { JsonValue } from './evaluation/snapshot.js';
import type { ClientEventName, ClientListener } from './events.js';
import type { FlagReader } from './flag-reader.js';
import type { ParallelRunner } from './parallel-run/index.js';
import type { Problem } from './problem.js';
import type { Unit } from './telemetry/unit.js';

/** What is known of a tracked event. */
export interface TrackingDetails {
  /** Added to the event's sum: the price of an order, say. Not a finite number: the event counts without it. */
  readonly value?: number;
}

/** A service's connection to Sluice: flags evaluated in process, from a snapshot kept current. */
export interface SluiceClient extends ParallelRunner {
  readonly boolean: FlagReader<boolean>;
  readonly string: FlagReader<string>;
  readonly number: FlagReader<number>;
  /** Flags of type json only. */
  readonly json: FlagReader<JsonValue>;
  /** Every flag's answer for one context, by key: to hand to a page being rendered. Not counted as evaluations. */
  evaluateAll(context: EvaluationContext): Readonly<Record<string, Evaluation>>;
  /**
   * Counts something that users did, and sums its values: per event and reporting interval, never one by one. Never
   * throws. Event names are few and fixed, of at most 256 characters. The current unit's exposures get the credit, under
   * a metric of the event's name; the context is taken for OpenFeature's sake and not looked at.
   */
  track(event: string, context?: EvaluationContext, details?: TrackingDetails): void;
  /**
   * Begins a unit, one request or job, for this context. `routing` is the `sluice-version` header that it came with.
   * End it, or use `run`; one that is open for an hour is dropped and counted as such. Never throws.
   */
  unit(context: EvaluationContext, routing?: string | readonly string[]): Unit;
  /** The unit that is being worked on: the innermost `run` or `within` around the caller. */
  currentUnit(): Unit | undefined;
  /**
   * Chooses the version of a service that a caller is sent to, sticky by bucket: raising a share drops nobody. An
   * exposure of the current unit, if any, whose chain's choice goes before the bucket. Never throws.
   */
  version(serviceKey: string, context: EvaluationContext): VersionChoice;
  readonly state: ClientState;
  /** What keeps the client from being ready; undefined when nothing does. */
  readonly problem: Problem | undefined;
  /** The revision being served; null while there is none. */
  readonly revision: number | null;
  /** Adds a listener; returns its removal. */
  on<Name extends ClientEventName>(name: Name, listener: ClientListener<Name>): () => void;
  /** Sends the sums now. True when all were accepted. Never rejects. */
  flush(): Promise<boolean>;
  /**
   * Flushes and says goodbye to the control plane, so that no rollout waits for this instance, for at most two seconds;
   * ends the connection and every timer. Evaluation goes on, unchanging. To be called when the service has answered its
   * last request; a second call changes nothing. Never rejects.
   */
  close(): Promise<void>;
}
