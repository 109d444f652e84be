import type { Change } from './delivery/snapshot-store.js';
import type { Logger } from './logger.js';
import { describeThrown, type Problem } from './problem.js';

/** What a client tells its listeners, by event. */
export interface ClientEvents {
  /** The client serves what the control plane last said. */
  readonly ready: { readonly revision: number };
  /** The control plane has not been heard for a while; the values of the last good snapshot hold. */
  readonly stale: { readonly revision: number; readonly problem: Problem | undefined };
  /** The token is refused, or there is nothing to serve but code defaults. */
  readonly error: { readonly problem: Problem };
  /** Another snapshot is being served. */
  readonly changed: Change;
}

export type ClientEventName = keyof ClientEvents;
export type ClientListener<Name extends ClientEventName> = (event: ClientEvents[Name]) => unknown;
export type ClientListeners = { readonly [Name in ClientEventName]?: ClientListener<Name> };

/** Listeners by event. One that throws, or whose promise rejects, is logged and disturbs nobody. */
export class EventHub {
  readonly #listeners: { readonly [Name in ClientEventName]: Set<ClientListener<Name>> } = {
    ready: new Set(),
    stale: new Set(),
    error: new Set(),
    changed: new Set(),
  };

  constructor(private readonly logger: Logger) {}

  /** Adds a listener; returns its removal. */
  on<Name extends ClientEventName>(name: Name, listener: ClientListener<Name>): () => void {
    this.#listeners[name].add(listener);
    return () => this.#listeners[name].delete(listener);
  }

  emit<Name extends ClientEventName>(name: Name, event: ClientEvents[Name]): void {
    for (const listener of [...this.#listeners[name]]) {
      try {
        const result = listener(event);
        if (result instanceof Promise) result.catch((thrown: unknown) => this.#report(name, thrown));
      } catch (thrown) {
        this.#report(name, thrown);
      }
    }
  }

  #report(name: ClientEventName, thrown: unknown): void {
    this.logger.error(`a listener of '${name}' failed: ${describeThrown(thrown)}`);
  }
}
