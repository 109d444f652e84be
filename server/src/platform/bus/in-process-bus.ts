import type { Json } from '../../kernel/json.js';
import { Bus, type Topic } from './bus.js';

type Listener = (payload: never) => void;

/** The bus of a server that runs alone. */
export class InProcessBus extends Bus {
  private readonly listeners = new Map<string, Set<Listener>>();

  constructor(private readonly onListenerError: (error: unknown) => void) {
    super();
  }

  override publish<P extends Json>(topic: Topic<P>, payload: P): Promise<void> {
    this.deliver(topic.name, payload);
    return Promise.resolve();
  }

  override subscribe<P extends Json>(topic: Topic<P>, listener: (payload: P) => void): () => void {
    const listeners = this.listeners.get(topic.name) ?? new Set();
    this.listeners.set(topic.name, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  override replicas(): Promise<number> {
    return Promise.resolve(1);
  }

  override close(): Promise<void> {
    this.listeners.clear();
    return Promise.resolve();
  }

  /** Hands a payload to all listeners of a topic. */
  protected deliver(topicName: string, payload: Json): void {
    for (const listener of this.listeners.get(topicName) ?? []) {
      try {
        // A topic's name fixes its payload's type at both ends.
        listener(payload as never);
      } catch (error) {
        this.onListenerError(error);
      }
    }
  }
}
