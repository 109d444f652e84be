import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { onEachDatabase, type OpenDatabase } from '../../../test/contracts/databases.js';
import { until } from '../../../test/contracts/jobs-contract.js';
import { useDatabase } from '../../../test/contracts/use-database.js';
import { FakeBus } from '../../../test/fakes/fake-bus.js';
import { FakeClock } from '../../../test/fakes/fake-clock.js';
import { Topic } from '../bus/bus.js';
import { OutboxRelay } from './outbox-relay.js';
import { Outbox } from './outbox.js';
import { OutboxRepository } from './outbox.repository.js';

const TOPIC = new Topic<{ readonly n: number }>('tests.relayed');

function describeRelay(open: OpenDatabase): void {
  const store = useDatabase(open);
  const messages = new OutboxRepository(new FakeClock());
  let here: FakeBus;
  let there: FakeBus;
  let relays: readonly OutboxRelay[];
  let heard: string[];
  beforeEach(() => {
    [here, there] = [new FakeBus(), new FakeBus()];
    heard = [];
    here.subscribe(TOPIC, ({ n }) => void heard.push(`here ${n}`));
    there.subscribe(TOPIC, ({ n }) => void heard.push(`there ${n}`));
    relays = [here, there].map((bus) => new OutboxRelay(store.transactions, messages, bus));
    for (const relay of relays) relay.onApplicationBootstrap();
  });
  afterEach(() => Promise.all(relays.map((relay) => relay.beforeApplicationShutdown())));

  /** Leaves messages through the first replica. */
  const leave = (...numbers: readonly number[]) => {
    const [relay] = relays as [OutboxRelay]; // there are two
    const outbox = new Outbox(messages, relay);
    return store.run(async (tx) => {
      for (const n of numbers) await outbox.append(tx, TOPIC, { n });
    });
  };
  const waiting = async () => (await store.transactions.read((tx) => messages.backlog(tx))).waiting;

  it('tells each message once, whichever replica it was left with', async () => {
    await leave(...Array.from({ length: 250 }, (_, n) => n));
    await until(() => heard.length >= 250);
    expect(new Set(heard.map((text) => text.split(' ')[1])).size).toBe(250);
    expect([heard.length, await waiting()]).toEqual([250, 0]);
  });

  it('leaves them to another replica when its own is cut off', async () => {
    here.cut();
    await leave(1, 2);
    await until(() => heard.length === 2);
    expect([...heard].sort()).toEqual(['there 1', 'there 2']);
  });

  it('keeps them while all are cut off, and tells them once one is not', async () => {
    here.cut();
    there.cut();
    await leave(1, 2);
    expect(await waiting()).toBe(2);
    here.join();
    await until(() => heard.length === 2);
    expect([[...heard].sort(), await waiting()]).toEqual([['here 1', 'here 2'], 0]);
  });
}

describe('OutboxRelay', () => onEachDatabase(describeRelay));
