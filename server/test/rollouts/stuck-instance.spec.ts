import { beforeAll, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { AuditService } from '../../src/audit/index.js';
import { EventsRepository } from '../../src/events/events.repository.js';
import { openDatabase } from '../../src/platform/prisma/open-database.js';
import { PoliciesService } from '../../src/policies/policies.service.js';
import { ReleasesService } from '../../src/releases/releases.service.js';
import { RolloutEngine } from '../../src/rollouts/rollout-engine.service.js';
import { RolloutsRepository } from '../../src/rollouts/rollouts.repository.js';
import { useDatabase } from '../contracts/use-database.js';
import { SequentialIds } from '../fakes/sequential-ids.js';
import { OWNER, RampWorld } from './ramp-world.js';
import { IN_MEMORY } from '../contracts/in-memory.js';

const store = useDatabase(() => openDatabase({ url: undefined, dataDir: IN_MEMORY }));
const ids = new SequentialIds();
const OUTAGE_SECONDS = 300;
const DEADLINE_SECONDS = 600;
const STUCK = '0 of 1 SDK instances serve the share; waiting for shop-1.';

beforeAll(() => {
  Logger.overrideLogger(false);
});

/** A ramp that has begun, and an instance that reports and never takes its revision. */
async function begin(onDeadline: 'hold' | 'rollBack' | 'promote') {
  const taste = { onDeadline, onNewer: 'supersede', gate: 'none', isFrozenLater: false } as const;
  const world = await RampWorld.make(store, ids, { taste, gateUrl: 'http://gate.test' });
  const [{ services }] = world.processes;
  const document = {
    steps: [{ share: 10_000, holdSeconds: 30 }, { share: 100_000 }],
    onDeadline: { afterSeconds: DEADLINE_SECONDS, action: onDeadline },
    onOutage: { afterSeconds: OUTAGE_SECONDS },
  };
  await services
    .get(PoliciesService)
    .edit(OWNER, { project: world.projectKey, policy: 'ramp' }, { kind: 'any' }, { document });
  await world.pass(1);
  world.hasLaggard = true;
  const changes = [{ kind: 'flag', flag: 'cart', ramp: { variation: 'on' } }];
  const wanted = { project: world.projectKey, environment: 'production', policy: 'ramp', changes, start: true };
  const { release } = await services.get(ReleasesService).create(OWNER, wanted);
  const pass = async (seconds: number) => {
    await world.pass(seconds);
    for (const { id } of await world.running()) await services.get(RolloutEngine).tick(id);
    const { status, ramp } = await store.run(async (tx) => {
      const found = await new RolloutsRepository().findAttempt(tx, release.id, 1);
      if (found === null) throw new Error('The attempt is not there.');
      return found;
    });
    return { status, phase: ramp.phase, ...ramp.reason };
  };
  const events = async () => {
    const all = { after: 0, limit: 99, subject: `release/${release.id}` };
    const told = await store.run((tx) => new EventsRepository().listAfter(tx, world.projectId, all));
    return told.map(({ type, data }) => ({ type: type.slice('dev.sluice.'.length), data }));
  };
  return { world, pass, events };
}

it('calls people once, with the name of who is stuck, and again at the deadline', async () => {
  const { world, pass, events } = await begin('hold');
  expect(await pass(OUTAGE_SECONDS - 1)).toMatchObject({ status: 'running', code: 'REACHING', sentence: STUCK });
  const before = (await events()).length;
  await pass(1);
  await pass(1);
  const reason = { code: 'REACHING', sentence: STUCK };
  const page = { type: 'release.holding', data: expect.objectContaining({ isPage: true, reason }) };
  expect((await events()).slice(before)).toEqual([page]);
  const audit = world.services.get(AuditService);
  const [newest] = (await audit.list({ projectId: world.projectId }, { limit: 1, after: undefined })).items;
  expect(newest?.action).toBe('release.held');
  expect(await pass(DEADLINE_SECONDS)).toMatchObject({ status: 'running', code: 'DEADLINE_PASSED' });
  expect((await events()).at(-1)?.data).toMatchObject({
    isPage: true,
    status: 'holding',
    reason: { code: 'DEADLINE_PASSED', sentence: `Not everywhere in time. ${STUCK}` },
  });
  world.hasLaggard = false;
  expect(await pass(1)).toMatchObject({ phase: 'watching', code: 'WATCHING' });
});

it.each([
  ['rollBack', { status: 'rolledBack', code: 'DEADLINE_PASSED', sentence: `Not everywhere in time. ${STUCK}` }],
  [
    'promote',
    { status: 'running', phase: 'watching', sentence: `Watched without those not reached in time. ${STUCK}` },
  ],
] as const)('does at the deadline what the policy says: %s', async (action, expected) => {
  const { pass } = await begin(action);
  expect(await pass(DEADLINE_SECONDS - 1)).toMatchObject({ code: 'REACHING' });
  expect(await pass(1)).toMatchObject(expected);
});
