import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Transaction, Transactions } from '../../src/kernel/transactions.js';
import { Overviews } from '../../src/releases/overviews.service.js';
import { aRequestContext } from '../builders/a-request-context.js';
import { ControlPlane, type LiveEnvironment } from '../clients/control-plane.js';

const START_TIMEOUT_MS = 60_000;

let plane: ControlPlane;
let shop: LiveEnvironment;
let made = 0;

beforeAll(async () => {
  plane = await ControlPlane.start({ SLUICE_TICK_SECONDS: '300' });
  shop = await plane.createEnvironment();
}, START_TIMEOUT_MS);
afterAll(() => plane.close(), START_TIMEOUT_MS);

/** Releases under way, each of a flag that was due long ago. */
async function startReleases(count: number): Promise<void> {
  for (let each = 0; each < count; each += 1) {
    const flag = `flag-${(made += 1)}`;
    const at = { project: shop.project, environment: 'live', policy: 'cautious' };
    await plane.manage('POST', `/projects/${shop.project}/flags`, {
      ...{ key: flag, type: 'boolean', dueAt: '2020-01-01T00:00:00Z' },
    });
    await plane.manage('POST', '/releases', {
      ...{ ...at, start: true, changes: [{ kind: 'flag', flag, ramp: { variation: 'on' } }] },
    });
  }
}

/** The overview, and the questions that the store was asked for it. */
async function overview(project?: string) {
  const { app } = plane.server;
  const questions: string[] = [];
  const real = app.get(Transactions);
  const overviews = app.get(Overviews, { strict: false });
  const read = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    real.read((tx) => {
      // Every transaction of the real store has one.
      const { client } = tx as unknown as Opened;
      return work(Object.assign(tx, { client: listening(client, questions) }));
    });
  // What the service asks of its own transactions, and of nobody else's.
  const listened = Object.create(overviews, { transactions: { value: { read } } }) as Overviews;
  return { ...(await listened.overview(aRequestContext(), project)), questions };
}

interface Opened {
  readonly client: object;
}

/** A client of the store that notes what it is asked. */
function listening(client: object, questions: string[]): object {
  return new Proxy(client, {
    get: (target, name) => {
      const part: unknown = Reflect.get(target, name);
      if (typeof part === 'function') {
        return (...given: readonly unknown[]): unknown => {
          questions.push(String(name));
          // Whatever it answers is handed on.
          return Reflect.apply(part, target, given) as unknown;
        };
      }
      return typeof part === 'object' && part !== null ? listening(part, questions) : part;
    },
  });
}

describe('The overview', () => {
  it('asks the store as often for many releases as for few', async () => {
    await startReleases(1);
    const few = await overview();
    await startReleases(5);
    const many = await overview();
    expect([few, many].map(({ inFlight }) => inFlight.length)).toEqual([1, 6]);
    expect([few, many].map(({ attention }) => attention.filter(({ kind }) => kind === 'overdueFlag').length)).toEqual([
      1, 6,
    ]);
    expect(many.questions).toEqual(few.questions);
    expect(many.questions.length).toBeGreaterThan(5);
    expect(many.questions.length).toBeLessThanOrEqual(15);
  });

  it('is of one project where one is named', async () => {
    const other = await plane.createEnvironment();
    const { inFlight, attention } = await overview(other.project);
    expect([inFlight, attention]).toEqual([[], []]);
    await expect(overview('no-such-project')).rejects.toMatchObject({ code: 'PROJECT_NOT_FOUND' });
  });
});
