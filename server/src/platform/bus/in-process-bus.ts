import type { Json } from '../../kernel/json.js';
import { Bus, type Topic } from './bus.js';

type Listener = (payload: never) => void;

/** The bus of a server that runs alone. */
export class InProcessBus extends Bus {
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly gapListeners = new Set<() => void>();

  constructor(protected readonly onError: (error: unknown) => void) {
    super();
  }

  override get isConnected(): boolean {
    return true;
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

  override onGap(listener: () => void): () => void {
    this.gapListeners.add(listener);
    return () => this.gapListeners.delete(listener);
  }

  override replicas(): Promise<number> {
    return Promise.resolve(1);
  }

  override close(): Promise<void> {
    this.listeners.clear();
    this.gapListeners.clear();
    return Promise.resolve();
  }

  /** Hands a payload to all listeners of a topic. */
  protected deliver(topicName: string, payload: Json): void {
    for (const listener of this.listeners.get(topicName) ?? []) {
      // A topic's name fixes its payload's type at both ends.
      this.shield(() => listener(payload as never));
    }
  }

  /** Says that messages may have been missed. */
  protected tellGap(): void {
    for (const listener of this.gapListeners) this.shield(listener);
  }

  private shield(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      this.onError(error);
    }
  }
}
