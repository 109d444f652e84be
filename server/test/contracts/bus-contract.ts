import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type Bus, Topic } from '../../src/platform/bus/bus.js';

/** The port of a bus that just opened, and the errors its listeners threw. */
export interface BusInUse {
  readonly bus: Bus;
  readonly errors: readonly unknown[];
}

/** What a bus promises, in process and on Redis alike. */
export function describeBus(open: () => Promise<BusInUse>): void {
  let inUse: BusInUse;
  let topic: Topic<{ readonly n: number }>;
  beforeEach(async () => {
    inUse = await open();
    topic = new Topic(`tests.${randomUUID()}`);
  });
  afterEach(() => inUse.bus.close());

  /** Waits for the next message of a topic; what was published before it has then arrived too. */
  const next = (from: Topic<{ readonly n: number }>) =>
    new Promise<{ readonly n: number }>((resolve) => {
      const stop = inUse.bus.subscribe(from, (payload) => {
        stop();
        resolve(payload);
      });
    });
  /** Publishes and waits until everything published so far has been delivered. */
  const settle = async () => {
    const mark = new Topic<{ readonly n: number }>(`tests.${randomUUID()}`);
    const arrived = next(mark);
    await inUse.bus.publish(mark, { n: 0 });
    await arrived;
  };

  it('tells every listener of a topic what was published', async () => {
    const heard: string[] = [];
    inUse.bus.subscribe(topic, ({ n }) => heard.push(`first ${n}`));
    inUse.bus.subscribe(topic, ({ n }) => heard.push(`second ${n}`));
    await inUse.bus.publish(topic, { n: 1 });
    await settle();
    expect(heard.sort()).toEqual(['first 1', 'second 1']);
  });

  it('carries payloads of every shape unchanged', async () => {
    const rich = new Topic<{ readonly text: string; readonly list: readonly (number | null)[] }>(topic.name);
    const heard: unknown[] = [];
    inUse.bus.subscribe(rich, (payload) => heard.push(payload));
    await inUse.bus.publish(rich, { text: 'Füße "店" 🛒', list: [1.5, null] });
    await settle();
    expect(heard).toEqual([{ text: 'Füße "店" 🛒', list: [1.5, null] }]);
  });

  it('counts the replicas that listen', async () => {
    const alone = await inUse.bus.replicas();
    expect(alone).toBeGreaterThanOrEqual(1);
  });

  it('keeps topics apart', async () => {
    const heard: number[] = [];
    inUse.bus.subscribe(topic, ({ n }) => heard.push(n));
    await inUse.bus.publish(new Topic<{ readonly n: number }>(`${topic.name}.other`), { n: 1 });
    await settle();
    expect(heard).toEqual([]);
  });

  it('tells nothing to those who stopped listening', async () => {
    const heard: number[] = [];
    const stop = inUse.bus.subscribe(topic, ({ n }) => heard.push(n));
    stop();
    await inUse.bus.publish(topic, { n: 1 });
    await settle();
    expect(heard).toEqual([]);
  });

  it('shields listeners from one that throws, and reports it', async () => {
    const heard: number[] = [];
    inUse.bus.subscribe(topic, () => {
      throw new Error('a bad listener');
    });
    inUse.bus.subscribe(topic, ({ n }) => heard.push(n));
    await inUse.bus.publish(topic, { n: 1 });
    await settle();
    expect(heard).toEqual([1]);
    expect(inUse.errors).toEqual([new Error('a bad listener')]);
  });

  it('is connected, and tells of no gap where there is none', async () => {
    let gaps = 0;
    inUse.bus.onGap(() => (gaps += 1));
    expect(inUse.bus.isConnected).toBe(true);
    await inUse.bus.publish(topic, { n: 1 });
    await settle();
    expect(gaps).toBe(0);
  });

  it('publishes to nobody without complaint', async () => {
    await expect(inUse.bus.publish(topic, { n: 1 })).resolves.toBeUndefined();
  });
}
