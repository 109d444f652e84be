import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aRule } from '../../test/builders/a-flag.js';
import { aRequestContext } from '../../test/builders/a-request-context.js';
import { someContent } from '../../test/builders/settings.js';
import { bearer, ControlPlane, type TestToken } from '../../test/clients/control-plane.js';
import { precondition } from '../kernel/errors.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { EnvironmentRevisions, ProjectsReader } from '../projects/index.js';
import { type FlagHold, type FlagHolder, FlagHolds, type FlagNeed, type TakeOver } from './flag-holds.service.js';
import { FlagRamps } from './flag-ramps.service.js';
import type { SettingsPlace } from './flag-settings.repository.js';
import { contentOf, type SettingsContent } from './parse-settings.js';
import { rampOf, withShare } from './ramp-settings.js';

const START_TIMEOUT_MS = 60_000;
const RELEASE = '00000000-0000-7000-8000-00000000beef';

/** A release that ramps flags, as far as flags can tell. */
class FakeHolder implements FlagHolder {
  readonly takenOver: { readonly flagId: string; readonly actor: string; readonly reason: string }[] = [];
  private readonly held = new Map<string, FlagHold>();
  /** What ending a ramp runs into. */
  failure: Error | undefined;

  hold({ flagId, environmentId }: SettingsPlace): void {
    this.held.set(`${flagId} ${environmentId}`, { releaseId: RELEASE, sentence: 'Release "June" is at 5 % of "on".' });
  }

  holdsIn(_tx: Transaction, places: readonly SettingsPlace[]): Promise<readonly (FlagHold | null)[]> {
    const holds = places.map(({ flagId, environmentId }) => this.held.get(`${flagId} ${environmentId}`) ?? null);
    return Promise.resolve(holds);
  }

  needsOf(): Promise<readonly FlagNeed[]> {
    return Promise.resolve([]);
  }

  takeOver(_tx: Transaction, ctx: RequestContext, place: SettingsPlace, { reason }: TakeOver): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    this.held.delete(`${place.flagId} ${place.environmentId}`);
    this.takenOver.push({ flagId: place.flagId, actor: ctx.actor.name, reason });
    return Promise.resolve();
  }
}

let plane: ControlPlane;
const holder = new FakeHolder();
beforeAll(async () => {
  plane = await ControlPlane.start();
  plane.server.app.get(FlagHolds, { strict: false }).register(holder);
}, START_TIMEOUT_MS);
afterAll(() => plane.close(), START_TIMEOUT_MS);

interface Said {
  readonly status: number;
  readonly body: unknown;
}

/** A project of its own with a flag "cart" that is on and serves "off", and what is done to it. */
async function newFlag() {
  const live = await plane.createEnvironment();
  const { project } = live;
  await live.createFlag({ key: 'cart', type: 'boolean' }, { on: true, defaultServe: { variation: 'off' } });
  const token = await plane.manage<TestToken>('POST', '/tokens', { kind: 'ci', name: 'ann', project });
  const call = async (method: string, path: string, body?: unknown, ifMatch = '*'): Promise<Said> => {
    const response = await fetch(`${plane.url}/api/v1/projects/${project}/flags/cart${path}`, {
      method,
      headers: { ...bearer(token), 'content-type': 'application/json', 'if-match': ifMatch },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  };
  const revision = async (): Promise<number> =>
    (await plane.manage<{ revision: number }>('GET', `/projects/${project}/environments/live`)).revision;
  const settings = async () => (await call('GET', '/environments/live')).body as SettingsContent & { version: number };
  const { id } = (await call('GET', '')).body as { id: string };
  const place = { flagId: id, environmentId: live.id };
  return { live, project, call, revision, settings, place };
}

const SETTINGS = '/environments/live';
const refused = { status: 409, body: { code: 'FLAG_RAMPING', releaseId: RELEASE } };

describe('A flag under a ramp', () => {
  it.each<[string, string, string, unknown]>([
    ['an edit', 'PATCH', SETTINGS, { defaultServe: { variation: 'on' } }],
    ['a replacement', 'PUT', SETTINGS, someContent()],
    ['a replacement that switches off', 'PUT', SETTINGS, someContent({ on: false })],
    ['switching off and more', 'PATCH', SETTINGS, { on: false, rules: [aRule()] }],
    ['a deletion', 'DELETE', '', undefined],
    ['taking a variation away', 'PATCH', '', { variations: [{ key: 'off', value: false }] }],
    [
      'another value of a variation',
      'PATCH',
      '',
      {
        variations: [
          { key: 'on', value: false },
          { key: 'off', value: false },
        ],
      },
    ],
  ])('refuses %s and says which release it is and what to do', async (_name, method, path, body) => {
    const { call, place, revision, settings } = await newFlag();
    holder.hold(place);
    const [before, at] = [await settings(), await revision()];
    const answer = await call(method, path, body);
    expect(answer).toMatchObject(refused);
    expect(answer.body).toMatchObject({ detail: expect.stringMatching(/^Release "June" is at 5 %.*bort/u) });
    expect([await settings(), await revision()]).toEqual([before, at]);
  });

  it.each<[string, string, string, unknown]>([
    ['an edit that changes nothing', 'PATCH', SETTINGS, { defaultServe: { variation: 'off' } }],
    ['switching on what is on', 'PATCH', SETTINGS, { on: true }],
    ['a new name', 'PATCH', '', { name: 'Cart' }],
    [
      'a further variation',
      'PATCH',
      '',
      {
        variations: [
          { key: 'on', value: true },
          { key: 'off', value: false },
          { key: 'also', value: true },
        ],
      },
    ],
  ])('takes %s', async (_name, method, path, body) => {
    const { call, place } = await newFlag();
    holder.hold(place);
    expect((await call(method, path, body)).status).toBe(200);
    expect(await call('DELETE', '')).toMatchObject(refused);
  });

  it('is free to edit in its other environments', async () => {
    const { call, place, project } = await newFlag();
    holder.hold(place);
    await plane.manage('POST', `/projects/${project}/environments`, { key: 'staging' });
    expect((await call('PATCH', '/environments/staging', { on: true })).status).toBe(200);
  });

  it('is given up to an edit that says why, once', async () => {
    const { call, place, revision } = await newFlag();
    holder.hold(place);
    const before = await revision();
    const edit = { defaultServe: { variation: 'on' } };
    const taken = await call('PATCH', `${SETTINGS}?takeOver=${encodeURIComponent('Ünder attack')}`, edit);
    expect(taken).toMatchObject({ status: 200, body: { defaultServe: { variation: 'on' }, version: 2 } });
    expect(holder.takenOver.at(-1)).toEqual({ flagId: place.flagId, actor: 'ann', reason: 'Ünder attack' });
    expect(await revision()).toBe(before + 1);
    expect((await call('PATCH', SETTINGS, { rules: [aRule()] })).status).toBe(200);
  });

  it('is given up to the kill switch, which need not ask', async () => {
    const { call, place } = await newFlag();
    holder.hold(place);
    expect(await call('PATCH', SETTINGS, { on: false })).toMatchObject({ status: 200, body: { on: false } });
    expect(holder.takenOver.at(-1)).toMatchObject({ flagId: place.flagId, reason: 'switched off by hand' });
  });

  it('is given up as it stands, and clients learn that nothing is measured any more', async () => {
    const { call, place, revision, settings } = await newFlag();
    holder.hold(place);
    const [before, at] = [await settings(), await revision()];
    expect((await call('PATCH', `${SETTINGS}?takeOver=enough`, {})).status).toBe(200);
    expect([await settings(), await revision()]).toEqual([before, at + 1]);
    expect(holder.takenOver.at(-1)).toMatchObject({ flagId: place.flagId, reason: 'enough' });
  });

  it('is not given up to an edit that is refused, nor edited when the ramp cannot end', async () => {
    const { call, place, settings } = await newFlag();
    holder.hold(place);
    const [before, takeOvers] = [await settings(), holder.takenOver.length];
    expect(await call('PATCH', `${SETTINGS}?takeOver=x`, { rules: [] }, '"7"')).toMatchObject({ status: 412 });
    expect(await call('PATCH', `${SETTINGS}?takeOver=x`, { rules: 1 })).toMatchObject({ status: 400 });
    expect(holder.takenOver).toHaveLength(takeOvers);
    holder.failure = precondition('TOO_LATE', 'It ended at this moment.');
    const edit = { defaultServe: { variation: 'on' } };
    expect(await call('PATCH', `${SETTINGS}?takeOver=x`, edit)).toMatchObject({ status: 412 });
    holder.failure = undefined;
    expect(await settings()).toEqual(before);
  });

  it.each(['takeOver=', 'takeOver=%20', `takeOver=${'x'.repeat(1_001)}`, 'takeOver=a&takeOver=b', 'takeover=x'])(
    'refuses the query %s',
    async (query) => {
      const { call } = await newFlag();
      expect((await call('PATCH', `${SETTINGS}?${query}`, { on: false })).status).toBe(400);
    },
  );
});

describe('The port of ramps', () => {
  /** Works on the flag as the ramp engine does: in a transaction that has locked the environment. */
  const engine = async <T>(
    { project, live }: { readonly project: string; readonly live: { readonly id: string } },
    work: (
      tx: Transaction,
      at: Awaited<ReturnType<FlagRamps['settings']>> & { ramps: FlagRamps; environment: { id: string; key: string } },
    ) => Promise<T>,
  ): Promise<T> => {
    const { app } = plane.server;
    const [ramps, projects] = [app.get(FlagRamps, { strict: false }), app.get(ProjectsReader, { strict: false })];
    return app.get(Transactions, { strict: false }).run(async (tx) => {
      await app.get(EnvironmentRevisions, { strict: false }).lock(tx, live.id);
      const owner = await projects.project(tx, aRequestContext(), project);
      const found = await ramps.settings(tx, owner, 'cart', live.id);
      return work(tx, { ...found, ramps, environment: { id: live.id, key: 'live' } });
    });
  };
  const ctx = aRequestContext({ actor: { kind: 'system', id: 'rollouts', name: 'rollouts' } });

  it('raises a share and puts back exactly what was, on record, without a revision of its own', async () => {
    const flag = await newFlag();
    await flag.call('PATCH', SETTINGS, {
      rules: [aRule({ serve: { split: { seed: '', shares: [{ variation: 'on', share: 100_000 }] } } })],
      targets: [{ variation: 'on', values: ['u1', 'ünïcode'] }],
    });
    const [before, at] = [await flag.settings(), await flag.revision()];
    const kept = JSON.parse(JSON.stringify(contentOf(before))) as SettingsContent;
    const ramp = rampOf(before, { variation: 'on' });
    if (ramp.kind === 'refused') throw new Error(ramp.message);
    for (const share of [0, 5_000, 100_000]) {
      await engine(flag, (tx, { ramps, flag: found, environment }) =>
        ramps.write(tx, ctx, { flag: found, environment }, withShare(kept, ramp, share)),
      );
    }
    expect(await flag.settings()).toMatchObject({ on: true, defaultServe: { variation: 'on' } });
    const restored = await engine(flag, (tx, { ramps, flag: found, environment }) =>
      ramps.restore(tx, ctx, { flag: found, environment }, kept),
    );
    expect(contentOf(restored)).toEqual(contentOf(before));
    expect(contentOf(await flag.settings())).toEqual(contentOf(before));
    expect(await flag.revision()).toBe(at);
    const { items } = await plane.manage<{ items: readonly { action: string }[] }>('GET', '/audit?limit=3');
    expect(items.map(({ action }) => action)).toEqual([
      'flag.settings.restored',
      'flag.settings.ramped',
      'flag.settings.ramped',
    ]);
  });

  it('makes no version where nothing changes', async () => {
    const flag = await newFlag();
    const before = await flag.settings();
    await engine(flag, (tx, { ramps, flag: found, environment, settings }) =>
      ramps.write(tx, ctx, { flag: found, environment }, contentOf(settings)),
    );
    expect(await flag.settings()).toEqual(before);
  });

  it('judges what it writes as any edit, and stores nothing of what is refused', async () => {
    const flag = await newFlag();
    const before = await flag.settings();
    const unknown = engine(flag, (tx, { ramps, flag: found, environment, settings }) =>
      ramps.write(
        tx,
        ctx,
        { flag: found, environment },
        {
          ...contentOf(settings),
          defaultServe: { variation: 'nowhere' },
          prerequisites: [{ flag: 'nobody', variations: ['on'] }],
        },
      ),
    );
    await expect(unknown).rejects.toMatchObject({
      kind: 'invalid',
      problems: [{ code: 'VARIATION_UNKNOWN' }, { code: 'FLAG_UNKNOWN' }],
    });
    expect(await flag.settings()).toEqual(before);
  });

  it('finds no flag that is not there', async () => {
    const live = await plane.createEnvironment();
    await expect(engine({ project: live.project, live }, () => Promise.resolve())).rejects.toMatchObject({
      kind: 'notFound',
      code: 'FLAG_NOT_FOUND',
    });
  });
});
