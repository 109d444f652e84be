import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { EventsReader } from '../../src/events/index.js';
import { EventsRepository } from '../../src/events/events.repository.js';
import { Transactions } from '../../src/kernel/transactions.js';
import { WebhookAccess } from '../../src/notifications/webhook-access.service.js';
import { WebhookDispatcher } from '../../src/notifications/webhook-dispatcher.service.js';
import { WebhookMessages } from '../../src/notifications/webhook-messages.service.js';
import { type Claim, WebhookQueueRepository } from '../../src/notifications/webhook-queue.repository.js';
import type { WebhookAnswer } from '../../src/platform/webhooks/webhook-answer.js';
import { type WebhookRequest, WebhookSender } from '../../src/platform/webhooks/webhook-sender.adapter.js';
import type { Webhook } from '../../src/notifications/webhook.js';
import { WebhooksRepository } from '../../src/notifications/webhooks.repository.js';
import { EnvironmentsRepository } from '../../src/projects/environments.repository.js';
import { ProjectsReader } from '../../src/projects/index.js';
import { ProjectsRepository } from '../../src/projects/projects.repository.js';
import { anEvent } from '../builders/an-event.js';
import { aWebhook } from '../builders/a-webhook.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { SequentialIds } from '../fakes/sequential-ids.js';
import type { OpenDatabase } from './databases.js';
import { type DatabaseInUse, useDatabase } from './use-database.js';

const CLAIM_MS = 60_000;
const CLOSED = { allowPrivate: true, timeoutMs: 1_000 };

/** The clock, the identifiers and the webhooks of one suite; every test begins with none. */
class Bench {
  readonly clock = new FakeClock();
  readonly webhooks = new WebhooksRepository();
  readonly queue = new WebhookQueueRepository();
  readonly events = new EventsRepository();

  constructor(
    readonly store: DatabaseInUse,
    readonly ids: SequentialIds,
  ) {}

  async clear(): Promise<void> {
    await this.store.database.client.webhook.deleteMany();
  }

  async add(overrides: Partial<Webhook> = {}): Promise<Webhook> {
    const webhook = aWebhook({ id: this.ids.next(), projectId: this.ids.next(), ...overrides });
    await this.store.run(async (tx) => this.webhooks.insert(tx, webhook, await this.events.newest(tx)));
    return webhook;
  }

  /** Queues made-up sequences for a webhook. */
  async enqueue({ id }: Webhook, ...sequences: readonly number[]): Promise<void> {
    const cursor = Math.max(...sequences);
    await this.store.run((tx) => this.queue.add(tx, { id, cursor }, sequences, this.clock.now()));
  }

  claim(): Promise<Claim | null> {
    const now = this.clock.now();
    const until = new Date(now.getTime() + CLAIM_MS);
    return this.store.run((tx) => this.queue.claim(tx, { claimId: this.ids.next(), now, until }));
  }

  settle(claim: Claim, outcome: Partial<Claim['delivery']>, isGone = false): Promise<boolean> {
    const delivery = { ...claim.delivery, attempts: claim.delivery.attempts + 1, ...outcome };
    return this.store.run((tx) => this.queue.settle(tx, claim, { delivery, isGone }, this.clock.now()));
  }

  async happen({ projectId }: Webhook, overrides: Parameters<typeof anEvent>[0] = {}): Promise<string> {
    const draft = anEvent({ projectId, environmentId: undefined, ...overrides });
    return (await this.store.run((tx) => this.events.append(tx, this.ids.next(), draft))).id;
  }

  deliveries({ id }: Webhook) {
    return this.store.run((tx) => this.queue.list(tx, id, { limit: 1_000, before: undefined }));
  }
}

/** What the repositories of webhooks promise on every database. */
export function describeWebhooks(open: OpenDatabase): void {
  const store = useDatabase(open);
  const ids = new SequentialIds();
  let bench: Bench;
  beforeEach(async () => {
    bench = new Bench(store, ids);
    await bench.clear();
  });
  const find = ({ projectId, id }: Webhook) => store.run((tx) => bench.webhooks.find(tx, projectId, id));

  it('gives a webhook back as it was stored, to its project alone', async () => {
    const webhook = await bench.add({ types: ['dev.sluice.*'], previousSecret: 'x', previousSecretUntil: new Date(0) });
    expect(await find(webhook)).toEqual(webhook);
    expect(await find({ ...webhook, projectId: bench.ids.next() })).toBeNull();
  });

  it('lists and counts the webhooks of a project in order of creation', async () => {
    const projectId = bench.ids.next();
    const all = [await bench.add({ projectId }), await bench.add({ projectId }), await bench.add({ projectId })];
    await bench.add();
    const list = (limit: number, after?: string) =>
      store.run((tx) => bench.webhooks.list(tx, projectId, { limit, after }));
    expect(await list(1)).toEqual(all.slice(0, 2));
    expect(await list(5, all[0]?.id)).toEqual(all.slice(1));
    expect(await store.run((tx) => bench.webhooks.lockAndCount(tx, projectId))).toBe(3);
  });

  it('stores an edit over the version it was made from, and no other', async () => {
    const webhook = await bench.add();
    const saved = await store.run((tx) => bench.webhooks.save(tx, { ...webhook, url: 'https://example.com/2' }));
    expect(saved.version).toBe(2);
    expect(await find(webhook)).toEqual(saved);
    await expect(store.run((tx) => bench.webhooks.save(tx, webhook))).rejects.toMatchObject({ code: 'EDIT_COLLIDED' });
    await expect(store.run((tx) => bench.webhooks.delete(tx, webhook))).rejects.toMatchObject({
      code: 'EDIT_COLLIDED',
    });
  });

  it('deletes what waits for a webhook with it', async () => {
    const webhook = await bench.add();
    await bench.enqueue(webhook, 1, 2);
    await store.run((tx) => bench.webhooks.delete(tx, webhook));
    expect(await bench.deliveries(webhook)).toEqual([]);
    expect(await bench.claim()).toBeNull();
  });

  it('queues an event once', async () => {
    const webhook = await bench.add();
    await bench.enqueue(webhook, 5, 7);
    await bench.enqueue(webhook, 7, 9);
    expect((await bench.deliveries(webhook)).map(({ eventSequence }) => eventSequence)).toEqual([9, 7, 5]);
    expect(await store.run((tx) => bench.queue.lockEnd(tx, webhook.id))).toMatchObject({ cursor: 9 });
  });

  it('claims a webhook for one sender at a time, and again when nobody came back', async () => {
    const webhook = await bench.add();
    await bench.enqueue(webhook, 1, 2);
    const first = await bench.claim();
    expect(first).toMatchObject({ webhook: { id: webhook.id }, delivery: { eventSequence: 1, attempts: 0 } });
    bench.clock.advance(CLAIM_MS - 1);
    expect(await bench.claim()).toBeNull();
    bench.clock.advance(1);
    const second = await bench.claim();
    expect(second?.delivery).toEqual(first?.delivery);
    expect(second?.id).not.toBe(first?.id);
    if (first === null || second === null) throw new Error('Both were claimed.');
    expect(await bench.settle(first, { status: 'failed' })).toBe(false);
    expect(await bench.settle(second, { status: 'delivered', lastStatus: 204 })).toBe(true);
    expect((await bench.deliveries(webhook)).map(({ status }) => status)).toEqual(['waiting', 'delivered']);
  });

  it('hands out what was never tried first, in order, and the rest when it is due', async () => {
    const webhook = await bench.add();
    await bench.enqueue(webhook, 3, 1, 2);
    const order: number[] = [];
    const step = async (outcome: Partial<Claim['delivery']>): Promise<void> => {
      const claim = await bench.claim();
      if (claim === null) return void order.push(0);
      order.push(claim.delivery.eventSequence);
      await bench.settle(claim, outcome);
    };
    const later = new Date(bench.clock.now().getTime() + 5_000);
    await step({ nextAttemptAt: later });
    await step({ status: 'delivered' });
    await step({ status: 'delivered' });
    await step({});
    bench.clock.advance(5_000);
    await step({ status: 'delivered' });
    await step({});
    expect(order).toEqual([1, 2, 3, 0, 1, 0]);
  });

  it('never gives a webhook to two who ask at the same moment, and each of many to somebody', async () => {
    const webhooks = await Promise.all(Array.from({ length: 6 }, () => bench.add()));
    for (const webhook of webhooks) await bench.enqueue(webhook, 1, 2, 3);
    const claims: (Claim | null)[] = [];
    for (let round = 0; round < 4; round++) {
      claims.push(...(await Promise.all(Array.from({ length: 8 }, () => bench.claim()))));
    }
    const claimed = claims.flatMap((claim) => claim?.webhook.id ?? []);
    expect(new Set(claimed).size).toBe(claimed.length);
    expect(claimed.sort()).toEqual(webhooks.map(({ id }) => id).sort());
  });

  it('lets webhooks take turns', async () => {
    const [a, b] = [await bench.add(), await bench.add()];
    await bench.enqueue(a, 1, 2);
    await bench.enqueue(b, 1, 2);
    const turns: string[] = [];
    for (let n = 0; n < 4; n++) {
      const claim = await bench.claim();
      if (claim === null) throw new Error('Something is due.');
      turns.push(claim.webhook.id);
      bench.clock.advance(1);
      await bench.settle(claim, { status: 'delivered' });
    }
    expect(turns.filter((id) => id === a.id)).toHaveLength(2);
    expect(turns[0]).not.toBe(turns[1]);
    expect(turns[2]).not.toBe(turns[3]);
  });

  it('gives nothing to webhooks that are off, and switches off the one whose receiver is gone', async () => {
    const webhook = await bench.add();
    await bench.enqueue(webhook, 1, 2);
    const claim = await bench.claim();
    if (claim === null) throw new Error('Something is due.');
    await bench.settle(claim, { status: 'failed', lastStatus: 410 }, true);
    const off = await find(webhook);
    expect(off).toMatchObject({ enabled: false, disabledReason: expect.stringContaining('410'), version: 2 });
    expect(await bench.claim()).toBeNull();
    expect(await store.run((tx) => bench.queue.listEnds(tx))).toEqual([]);
    expect(await store.run((tx) => bench.queue.lockEnd(tx, webhook.id))).toBeNull();
  });

  it('makes a delivery due again, whatever came of it', async () => {
    const webhook = await bench.add();
    await bench.enqueue(webhook, 1);
    const claim = await bench.claim();
    if (claim === null) throw new Error('Something is due.');
    await bench.settle(claim, { status: 'failed', attempts: 10 });
    expect(await bench.claim()).toBeNull();
    const retry = (sequence: number) =>
      store.run((tx) => bench.queue.retry(tx, webhook.id, sequence, bench.clock.now()));
    expect(await retry(1)).toMatchObject({ status: 'waiting', attempts: 10 });
    expect(await retry(2)).toBeNull();
    expect((await bench.claim())?.delivery.eventSequence).toBe(1);
  });

  it('forgets what ended long ago, no more than asked, and nothing that waits', async () => {
    const webhook = await bench.add();
    await bench.enqueue(webhook, 1, 2, 3, 4);
    for (const status of ['delivered', 'failed', 'delivered'] as const) {
      const claim = await bench.claim();
      if (claim === null) throw new Error('Something is due.');
      await bench.settle(claim, { status, nextAttemptAt: bench.clock.now() });
    }
    const forget = (before: Date, limit: number) => store.run((tx) => bench.queue.forgetEnded(tx, before, limit));
    expect(await forget(bench.clock.now(), 10)).toBe(0);
    bench.clock.advance(1);
    expect([await forget(bench.clock.now(), 2), await forget(bench.clock.now(), 2)]).toEqual([2, 1]);
    expect((await bench.deliveries(webhook)).map(({ eventSequence }) => eventSequence)).toEqual([4]);
  });
}

/** A receiver that answers as it is told, or not before it is told. */
class Receiver extends WebhookSender {
  readonly requests: WebhookRequest[] = [];
  answer: (request: WebhookRequest) => Promise<WebhookAnswer> = () =>
    Promise.resolve({ kind: 'answered', status: 200 });
  sending = 0;
  mostSending = 0;

  constructor() {
    super(CLOSED);
  }

  override async send(request: WebhookRequest): Promise<WebhookAnswer> {
    this.requests.push(request);
    this.sending += 1;
    this.mostSending = Math.max(this.mostSending, this.sending);
    const answer = await this.answer(request);
    this.sending -= 1;
    return answer;
  }

  get ids(): readonly (string | undefined)[] {
    return this.requests.map(({ headers }) => headers['webhook-id']);
  }
}

/** Transactions of a server that dies after so many: from then on nothing of it is stored. */
class MortalTransactions extends Transactions {
  constructor(
    private readonly inner: Transactions,
    public left: number,
  ) {
    super();
  }

  override run: Transactions['run'] = (work) => this.whileAlive(() => this.inner.run(work));
  override read: Transactions['read'] = (work) => this.whileAlive(() => this.inner.read(work));

  private whileAlive<T>(work: () => Promise<T>): Promise<T> {
    this.left -= 1;
    return this.left < 0 ? Promise.reject(new Error('This server is dead.')) : work();
  }
}

/** Waits until something is so, for ten seconds at most. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 10_000;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`It did not come true: ${isSo.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** What the dispatcher promises on every database. */
export function describeWebhookDispatcher(open: OpenDatabase): void {
  const store = useDatabase(open);
  const ids = new SequentialIds();
  let bench: Bench;
  let receiver: Receiver;
  const running: WebhookDispatcher[] = [];
  // Servers die here, and say so.
  beforeAll(() => void Logger.overrideLogger(false));
  afterAll(() => void Logger.overrideLogger(['warn']));
  beforeEach(async () => {
    await Promise.all(running.splice(0).map((dispatcher) => dispatcher.close()));
    bench = new Bench(store, ids);
    receiver = new Receiver();
    await bench.clear();
  });

  const start = (transactions: Transactions = store.transactions): WebhookDispatcher => {
    const { clock, queue, webhooks } = bench;
    const projects = new ProjectsReader(new ProjectsRepository(), new EnvironmentsRepository());
    const events = new EventsReader(bench.events);
    const access = new WebhookAccess(projects, webhooks, CLOSED);
    const messages = new WebhookMessages(transactions, access, projects, events, receiver, clock, ids);
    const dispatcher = new WebhookDispatcher(transactions, queue, events, messages, clock, ids);
    running.push(dispatcher);
    return dispatcher;
  };
  const settled = async (webhook: Webhook, count: number) => {
    await until(async () => {
      const rows = await bench.deliveries(webhook);
      return rows.length >= count && rows.every(({ attempts }) => attempts > 0);
    });
    return bench.deliveries(webhook);
  };

  it('sends what a webhook wants, in order, and nothing from before it was', async () => {
    const projectId = bench.ids.next();
    await bench.happen(aWebhook({ projectId }));
    const webhook = await bench.add({ projectId, types: ['dev.sluice.release.*'] });
    const sent: string[] = [];
    for (let n = 0; n < 5; n++) {
      sent.push(await bench.happen(webhook, { subject: `release/${n}` }));
      await bench.happen(webhook, { type: 'dev.sluice.rollout.verdict' });
    }
    await start().dispatch();
    expect(await settled(webhook, 5)).toMatchObject(sent.map(() => ({ status: 'delivered', lastStatus: 200 })));
    expect(receiver.ids).toEqual(sent);
    expect(receiver.mostSending).toBe(1);
    expect(JSON.parse(receiver.requests[0]?.body ?? '')).toMatchObject({ id: sent[0], sluiceproject: 'shop' });
  });

  it('queues more than one batch', async () => {
    const webhook = await bench.add();
    await store.run(async (tx) => {
      for (let n = 0; n < 450; n++) {
        await bench.events.append(
          tx,
          bench.ids.next(),
          anEvent({ projectId: webhook.projectId, environmentId: undefined }),
        );
      }
    });
    receiver.answer = () => new Promise(() => undefined);
    await start().dispatch();
    expect(await bench.deliveries(webhook)).toHaveLength(450);
    running.splice(0);
  });

  it('tries again when it is time, not before', async () => {
    const webhook = await bench.add();
    await bench.happen(webhook);
    receiver.answer = () => Promise.resolve({ kind: 'answered', status: receiver.requests.length === 1 ? 500 : 204 });
    const dispatcher = start();
    await dispatcher.dispatch();
    expect(await settled(webhook, 1)).toMatchObject([{ status: 'waiting', attempts: 1, lastStatus: 500 }]);
    bench.clock.advance(4_999);
    expect(await bench.claim()).toBeNull();
    bench.clock.advance(5_501 - 4_999);
    await dispatcher.dispatch();
    await until(async () => (await bench.deliveries(webhook))[0]?.status === 'delivered');
    expect(new Set(receiver.ids).size).toBe(1);
    expect(receiver.requests).toHaveLength(2);
  });

  it('sends to others while one does not answer', async () => {
    const slow = await bench.add({ url: 'https://slow.example' });
    const quick = await bench.add({ url: 'https://quick.example' });
    let release: (answer: WebhookAnswer) => void = () => undefined;
    receiver.answer = ({ url }) =>
      url.includes('slow')
        ? new Promise((resolve) => (release = resolve))
        : Promise.resolve({ kind: 'answered', status: 200 });
    await bench.happen(slow);
    await bench.happen(quick);
    const dispatcher = start();
    await dispatcher.dispatch();
    await until(async () => (await bench.deliveries(quick))[0]?.status === 'delivered');
    await until(() => receiver.requests.some(({ url }) => url.includes('slow')));
    await bench.happen(quick);
    await dispatcher.dispatch();
    await until(async () => (await bench.deliveries(quick)).every(({ status }) => status === 'delivered'));
    release({ kind: 'answered', status: 200 });
    await settled(slow, 1);
  });

  it('sends once what several replicas find at the same time', async () => {
    const webhooks = await Promise.all(Array.from({ length: 4 }, () => bench.add()));
    const replicas = [start(), start(), start()];
    for (const webhook of webhooks) for (let n = 0; n < 5; n++) await bench.happen(webhook);
    await Promise.all([...replicas, ...replicas].map((dispatcher) => dispatcher.dispatch()));
    for (const webhook of webhooks) await settled(webhook, 5);
    expect(receiver.ids).toHaveLength(20);
    expect(new Set(receiver.ids).size).toBe(20);
  });

  it('counts no attempt that came to its end behind its claim: who claimed it since counts its own', async () => {
    const webhook = await bench.add();
    await bench.happen(webhook);
    const answers: ((answer: WebhookAnswer) => void)[] = [];
    receiver.answer = () => new Promise((resolve) => answers.push(resolve));
    const [slow, next] = [start(), start()];
    await slow.dispatch();
    await until(() => answers.length === 1);
    bench.clock.advance(CLAIM_MS + 1);
    await next.dispatch();
    await until(() => answers.length === 2);
    answers[0]?.({ kind: 'answered', status: 500 });
    await slow.close();
    answers[1]?.({ kind: 'answered', status: 200 });
    await settled(webhook, 1);
    await next.close();
    const counted = [slow, next].map(({ attempts }) => attempts.samples().filter(({ value }) => value > 0));
    expect(counted).toMatchObject([[], [{ labels: { outcome: 'delivered' }, value: 1 }]]);
  });

  it('gives an attempt back that a shutdown broke off', async () => {
    const webhook = await bench.add();
    await bench.happen(webhook);
    let breakOff: () => void = () => undefined;
    receiver.answer = () =>
      new Promise((resolve) => (breakOff = () => resolve({ kind: 'unanswered', error: 'aborted' })));
    const dispatcher = start();
    await dispatcher.dispatch();
    await until(() => receiver.requests.length === 1);
    const closed = dispatcher.close();
    breakOff();
    await closed;
    expect(await bench.deliveries(webhook)).toMatchObject([{ status: 'waiting', attempts: 0 }]);
    receiver.answer = () => Promise.resolve({ kind: 'answered', status: 200 });
    await start().dispatch();
    expect(await settled(webhook, 1)).toMatchObject([{ status: 'delivered', attempts: 1 }]);
  });

  // Looking who is behind, queueing, claiming, reading the event, and storing the answer, of two events.
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8])('loses nothing when a server dies after %d transactions', async (lives) => {
    const webhook = await bench.add();
    const happened = [await bench.happen(webhook), await bench.happen(webhook)];
    const server = new MortalTransactions(store.transactions, lives);
    const dying = start(server);
    await dying.dispatch().catch(() => undefined);
    await until(() => server.left < 0 && receiver.sending === 0);
    await dying.close();

    bench.clock.advance(CLAIM_MS);
    await start().dispatch();
    expect(await settled(webhook, 2)).toMatchObject([{ status: 'delivered' }, { status: 'delivered' }]);
    expect([...new Set(receiver.ids)]).toEqual(happened);
    expect(receiver.ids.length).toBeLessThanOrEqual(3);
  });

  it('repeats, with the same id, what a server died with before it could store the answer', async () => {
    const webhook = await bench.add();
    const [first, second] = [await bench.happen(webhook), await bench.happen(webhook)];
    const server = new MortalTransactions(store.transactions, Infinity);
    receiver.answer = () => {
      server.left = 0;
      return Promise.resolve({ kind: 'answered', status: 200 });
    };
    await start(server).dispatch();
    await until(() => server.left < 0);
    expect((await bench.deliveries(webhook)).map(({ attempts }) => attempts)).toEqual([0, 0]);
    bench.clock.advance(CLAIM_MS);
    await start().dispatch();
    await settled(webhook, 2);
    expect(receiver.ids).toEqual([first, first, second]);
  });

  it('fails what is no longer kept', async () => {
    const webhook = await bench.add();
    await bench.enqueue(webhook, 1_999_999_999);
    await start().dispatch();
    expect(await settled(webhook, 1)).toMatchObject([{ status: 'failed', lastError: 'The event is no longer kept.' }]);
    expect(receiver.requests).toEqual([]);
  });
}
