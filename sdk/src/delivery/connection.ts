import type { EventSourceMessage } from 'eventsource-parser';
import type { Logger } from '../logger.js';
import { describeThrown, type Problem } from '../problem.js';
import { pause, type Runtime } from '../runtime.js';
import { BACKOFF_CAP_MS } from './backoff.js';
import {
  type Attempt,
  type ConnectionSettings,
  type ConnectionState,
  INITIAL_STATE,
  nextAttempt,
  type Outcome,
} from './connection-policy.js';
import { type Endpoint, type Failure, unreadable } from './endpoint.js';
import { parsePatch, parseSnapshot } from '../evaluation/parse-snapshot.js';
import { pollSnapshot } from './poller.js';
import type { Change, SnapshotStore } from './snapshot-store.js';
import { readStream } from './stream.js';

export interface ConnectionHandlers {
  /** The control plane was heard, and what is being served is current as far as it says. */
  readonly contact: () => void;
  readonly change: (change: Change) => void;
  readonly problem: (problem: Problem) => void;
}

interface ConnectionParts {
  readonly endpoint: Endpoint;
  readonly store: SnapshotStore;
  readonly settings: ConnectionSettings;
  readonly runtime: Runtime;
  readonly logger: Logger;
  /** How long a stream's first byte may take before the first snapshot has come. */
  readonly firstSnapshotMs: number;
}

/** A stream that has not sent its first byte by then is taken for blocked. */
const FIRST_BYTE_MS = 10_000;

/** Keeps the store current. One loop, one request at a time: it awaits each attempt and the pause after it. */
export class Connection {
  readonly #stop = new AbortController();
  #loop: Promise<void> | undefined;
  #lastEventId: string | undefined;
  #retryHintMs: number | undefined;

  constructor(
    private readonly parts: ConnectionParts,
    private readonly on: ConnectionHandlers,
  ) {}

  /** Begins; a second call changes nothing. */
  start(): void {
    this.#loop ??= this.#run();
  }

  /** Ends the loop and what it has open. Resolves when nothing of it is left. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { settings, runtime } = this.parts;
    let state: ConnectionState = INITIAL_STATE;
    let attempt: Attempt = settings.streaming ? 'stream' : 'poll';
    while (!this.#stop.signal.aborted) {
      const outcome: Outcome = attempt === 'stream' ? await this.#stream() : await this.#poll();
      if (this.#stop.signal.aborted) return;
      const next = nextAttempt(state, { attempt, outcome }, settings, {
        elapsedMs: runtime.elapsedMs(),
        random: runtime.random(),
        retryHintMs: this.#retryHintMs,
      });
      this.parts.logger.debug(`${attempt}: ${outcome.kind}; ${next.attempt} in ${Math.round(next.delayMs)} ms`);
      ({ state, attempt } = next);
      await pause(runtime, next.delayMs, this.#stop.signal);
    }
  }

  async #stream(): Promise<Outcome> {
    const { endpoint, runtime, store, firstSnapshotMs } = this.parts;
    const firstByteMs = store.snapshot ? FIRST_BYTE_MS : Math.min(firstSnapshotMs, FIRST_BYTE_MS);
    // A resumed stream is current as soon as it speaks, for the server sends what is missing, if anything.
    let isCurrent = this.#lastEventId !== undefined;
    const failure = await readStream(
      { endpoint, firstByteMs, lastEventId: this.#lastEventId },
      {
        contact: () => isCurrent && this.on.contact(),
        retry: (retryHintMs) => (this.#retryHintMs = Math.min(retryHintMs, BACKOFF_CAP_MS)),
        event: (message) => {
          const failed = this.#take(message);
          isCurrent = failed === undefined && this.#lastEventId !== undefined;
          return failed;
        },
      },
      runtime,
      this.#stop.signal,
    );
    return this.#fail(failure);
  }

  async #poll(): Promise<Outcome> {
    const { endpoint, runtime, store } = this.parts;
    const result = await pollSnapshot(endpoint, store.etag, runtime, this.#stop.signal);
    if (result.kind === 'failed') return this.#fail(result.failure);
    if (result.kind === 'snapshot') {
      const { revision } = store;
      const failure = this.#serve(() => store.put(result.snapshot, result.etag));
      if (failure) return this.#fail(failure);
      // The stream's position describes what is being served no more.
      if (store.revision !== revision) this.#lastEventId = undefined;
    }
    this.on.contact();
    return { kind: 'current' };
  }

  #take(message: EventSourceMessage): Failure | undefined {
    const { store } = this.parts;
    // Later servers may send events this SDK does not know.
    if (message.event !== 'put' && message.event !== 'patch') return undefined;
    const failure = this.#serve(() =>
      message.event === 'put' ? store.put(parseSnapshot(message.data)) : store.patch(parsePatch(message.data)),
    );
    this.#lastEventId = failure ? undefined : (message.id ?? this.#lastEventId);
    return failure;
  }

  #serve(apply: () => Change | undefined | 'gap'): Failure | undefined {
    try {
      const change = apply();
      if (change === 'gap') {
        const { problem } = unreadable(this.parts.endpoint, 'a patch is for another revision');
        return { outcome: { kind: 'gap' }, problem };
      }
      if (change) this.on.change(change);
      return undefined;
    } catch (thrown) {
      return unreadable(this.parts.endpoint, describeThrown(thrown));
    }
  }

  #fail(failure: Failure): Outcome {
    // A gap is no trouble yet, for the stream that comes next begins with the whole snapshot; nor is a server that ends.
    const isTrouble = failure.outcome.kind !== 'gap' && failure.outcome.kind !== 'moved';
    if (!this.#stop.signal.aborted && isTrouble) this.on.problem(failure.problem);
    return failure.outcome;
  }
}
