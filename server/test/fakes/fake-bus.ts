import type { Json } from '../../src/kernel/json.js';
import type { Topic } from '../../src/platform/bus/bus.js';
import { InProcessBus } from '../../src/platform/bus/in-process-bus.js';

/** The bus of a replica that a test cuts off from the others, and joins to them again. */
export class FakeBus extends InProcessBus {
  private isCut = false;

  constructor() {
    super((error) => {
      throw error;
    });
  }

  override get isConnected(): boolean {
    return !this.isCut;
  }

  override publish<P extends Json>(topic: Topic<P>, payload: P): Promise<void> {
    return this.isCut ? Promise.reject(new Error('This replica is cut off.')) : super.publish(topic, payload);
  }

  cut(): void {
    this.isCut = true;
  }

  /** What was told meanwhile is lost. */
  join(): void {
    this.isCut = false;
    this.tellGap();
  }
}
