import { Logger } from '@nestjs/common';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { DeploymentsRepository } from '../../src/deployments/deployments.repository.js';
import { ServiceCatalog } from '../../src/deployments/service-catalog.service.js';
import type { ServiceTraffic, TrafficContent } from '../../src/deployments/service-traffic.js';
import { ServiceTrafficRepository } from '../../src/deployments/service-traffic.repository.js';
import { ServicesReader } from '../../src/deployments/services-reader.service.js';
import { ServicesRepository } from '../../src/deployments/services.repository.js';
import { EventLog } from '../../src/events/index.js';
import { EventsRepository } from '../../src/events/events.repository.js';
import { InProcessBus } from '../../src/platform/bus/in-process-bus.js';
import { OutboxRelay } from '../../src/platform/outbox/outbox-relay.js';
import { Outbox } from '../../src/platform/outbox/outbox.js';
import { OutboxRepository } from '../../src/platform/outbox/outbox.repository.js';
import { EnvironmentsRepository } from '../../src/projects/environments.repository.js';
import { ProjectsReader } from '../../src/projects/index.js';
import { ProjectsRepository } from '../../src/projects/projects.repository.js';
import { reachOf, type RouteStanding } from '../../src/traffic/route-standing.js';
import { TrafficFollower } from '../../src/traffic/traffic-follower.service.js';
import { type RoutedService, routeName, TrafficRoutes } from '../../src/traffic/traffic-routes.provider.js';
import { TrafficShifts } from '../../src/traffic/traffic-shifts.service.js';
import { TrafficStandingsRepository } from '../../src/traffic/traffic-standings.repository.js';
import { anEnvironment, aProject } from '../builders/a-project.js';
import { aDeployment, aDigest, aService, aTraffic } from '../builders/a-service.js';
import { aStanding } from '../builders/a-standing.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { FakeTrafficRouter } from '../fakes/fake-traffic-router.js';
import { SequentialIds } from '../fakes/sequential-ids.js';
import type { OpenDatabase } from './databases.js';
import { useDatabase } from './use-database.js';

Logger.overrideLogger(false);

const [stable, next] = [
  { version: 'v1', digest: aDigest('1') },
  { version: 'v2', digest: aDigest('2') },
];
const CLAIM_MS = 15_000;

/** What following a route promises on every database: the program ends up where the store says, moved by one at a time. */
export function describeTrafficFollower(open: OpenDatabase): void {
  const store = useDatabase(open);
  const ids = new SequentialIds();
  const clock = new FakeClock();
  const traffics = new ServiceTrafficRepository();
  const deployments = new DeploymentsRepository();
  const standings = new TrafficStandingsRepository();
  const events = new EventsRepository();
  let router: FakeTrafficRouter;
  let service: RoutedService;
  let projectId: string;
  let traffic: ServiceTraffic;
  let users = 0;

  /** Another replica: nothing is shared but the store and the program. */
  const aReplica = (): TrafficFollower => {
    const services = new ServicesRepository();
    const catalog = new ServiceCatalog(services, clock, ids);
    const messages = new OutboxRepository(clock);
    const bus = new InProcessBus((error) => {
      throw error;
    });
    const outbox = new Outbox(messages, new OutboxRelay(store.transactions, messages, bus));
    return new TrafficFollower(
      store.transactions,
      new ProjectsReader(new ProjectsRepository(), new EnvironmentsRepository()),
      new ServicesReader(traffics, catalog, services, deployments),
      standings,
      new TrafficShifts(new TrafficRoutes([service])),
      new EventLog(events, ids, outbox),
      clock,
    );
  };
  const follow = (): Promise<unknown> => aReplica().follow(service);
  /** Stores what callers are to get. */
  const want = async (content: TrafficContent): Promise<void> => {
    traffic = await store.run((tx) => traffics.save(tx, { ...traffic, ...content }));
  };
  const ramp = (share: number) => want({ stable, candidate: { ...next, share } });
  const standing = (): Promise<RouteStanding | null> =>
    store.transactions.read((tx) => standings.find(tx, routeName(service.target)));
  const reach = async () => reachOf('checkout', await standing(), { follows: traffic.version, now: clock.now() });
  const eventsToldOf = () => store.transactions.read((tx) => events.listAfter(tx, projectId, { after: 0, limit: 10 }));
  const send = (count: number): void => {
    for (let each = 0; each < count; each++) router.route(`user-${(users += 1)}`);
  };

  beforeEach(async () => {
    const project = aProject({ id: ids.next(), key: `shop-${ids.next()}`.slice(0, 60) });
    const environment = anEnvironment({ id: ids.next(), projectId: project.id });
    const checkout = aService({ id: ids.next(), projectId: project.id });
    projectId = project.id;
    traffic = aTraffic({ serviceId: checkout.id, environmentId: environment.id, stable });
    await store.run(async (tx) => {
      await new ProjectsRepository().insert(tx, project);
      await new EnvironmentsRepository().insert(tx, environment);
      await new ServicesRepository().insert(tx, checkout);
      await traffics.insert(tx, traffic);
    });
    router = new FakeTrafficRouter();
    const target = { project: project.key, environment: environment.key, service: checkout.key };
    service = { target, router, requestsPerKey: 1, afterRelease: 'swap' };
  });

  it('brings the program to the share in the store, and back', async () => {
    await follow();
    for (const share of [10_000, 50_000, 100_000]) {
      await ramp(share);
      expect((await reach()).lacks).toBe('The router of checkout is being told of the share.');
      await follow();
      expect(router.share).toBe(share);
      expect((await reach()).lacks).toBeUndefined();
    }
    await want({ stable, candidate: null });
    await follow();
    expect(router.share).toBe(0);
  });

  it('verifies the share from what was counted since', async () => {
    send(500);
    await ramp(30_000);
    await follow();
    send(3_000);
    await follow();
    const { lacks, traffic: counted } = await reach();
    expect([lacks, counted]).toMatchObject([undefined, [{ asked: 30_000, requests: 3_000, fits: 'matches' }]]);
  });

  it('tells a program that says one thing and does another', async () => {
    await ramp(30_000);
    await follow();
    router.share = 0;
    send(3_000);
    router.share = 30_000;
    await follow();
    expect((await reach()).lacks).toBe(
      'The router of checkout sends 0 % of 3000 requests to the candidate where 30 % was asked.',
    );
    await follow();
    expect((await reach()).lacks).toContain('sends 0 % of 3000 requests');
    send(3_000);
    await follow();
    expect((await reach()).lacks).toBeUndefined();
  });

  it('goes on with a program that counts no requests, and says that nothing was compared', async () => {
    await ramp(30_000);
    await follow();
    send(3_000);
    await follow();
    // Another program took over in the middle: what was marked before says nothing of it.
    router.isCounting = false;
    await follow();
    const uncounted = { asked: 30_000, actual: null, requests: 0, fits: null };
    expect(await reach()).toMatchObject({ lacks: undefined, traffic: [uncounted] });
    await ramp(50_000);
    await follow();
    expect(await reach()).toMatchObject({ lacks: undefined, traffic: [{ ...uncounted, asked: 50_000 }] });
    router.share = 10_000;
    await follow();
    expect(router.share).toBe(50_000);
  });

  it('gives a program its share again that forgot it', async () => {
    await ramp(30_000);
    await follow();
    router.share = 0;
    await follow();
    expect(router.share).toBe(30_000);
    await want({ stable, candidate: null });
    await follow();
    router.share = 70_000;
    await follow();
    expect(router.share).toBe(0);
  });

  it('leaves a program alone whose service was never installed', async () => {
    router.share = 20_000;
    service = { ...service, target: { ...service.target, service: 'returns' } };
    await follow();
    expect(router.share).toBe(20_000);
    service = { ...service, target: { ...service.target, environment: 'nowhere' } };
    expect(await follow()).toBeUndefined();
  });

  it('waits for a candidate that is down, and goes on when it is up', async () => {
    await follow();
    router.isUp.candidate = false;
    await ramp(10_000);
    await follow();
    expect(router.share).toBe(0);
    expect((await reach()).lacks).toContain('The candidate arm has no capacity');
    expect(await eventsToldOf()).toEqual([]);
    router.isUp.candidate = true;
    await follow();
    expect([router.share, (await reach()).lacks]).toEqual([10_000, undefined]);
  });

  it('calls people once when the way back is closed, and goes back when it opens', async () => {
    await ramp(50_000);
    await follow();
    router.isUp.stable = false;
    await want({ stable, candidate: null });
    await follow();
    await follow();
    expect(router.share).toBe(50_000);
    const told = await eventsToldOf();
    expect(told).toMatchObject([
      { type: 'dev.sluice.traffic.refused', subject: 'service/checkout', data: { code: 'NO_CAPACITY', stable: 'v1' } },
    ]);
    router.isUp.stable = true;
    await follow();
    expect(router.share).toBe(0);
  });

  it('calls people when a program cannot be told to go back', async () => {
    await ramp(50_000);
    await follow();
    router.isReachable = false;
    await want({ stable, candidate: null });
    await follow();
    expect(await eventsToldOf()).toMatchObject([{ data: { kind: 'unreachable', candidateArmShare: 50_000 } }]);
  });

  it('leaves everybody where the released version is', async () => {
    await ramp(100_000);
    await follow();
    await want({ stable: next, candidate: null });
    await follow();
    expect([router.share, (await standing())?.home]).toEqual([100_000, 'candidate']);
  });

  it('does not move what was released before it came', async () => {
    router.share = 100_000;
    await follow();
    expect([router.share, (await standing())?.arms]).toEqual([100_000, { stable: null, candidate: 'v1' }]);
  });

  describe('a route that returns', () => {
    beforeEach(async () => {
      service = { ...service, afterRelease: 'return' };
      for (const { version, digest } of [stable, next]) await report(version, digest, 'installed');
      await ramp(100_000);
      await follow();
      await want({ stable: next, candidate: null });
    });
    const report = (version: string, digest: string, state: 'installed' | 'removed') => {
      const { serviceId, environmentId } = traffic;
      clock.advance(1);
      const at = clock.now();
      const deployment = aDeployment({ id: ids.next(), serviceId, environmentId, version, digest, state, at });
      return store.run((tx) => deployments.insert(tx, deployment));
    };

    it('goes to the stable arm once the old version is gone, and not before', async () => {
      await follow();
      expect(router.share).toBe(100_000);
      await report(stable.version, stable.digest, 'removed');
      await follow();
      expect([router.share, (await standing())?.arms?.stable]).toEqual([0, 'v2']);
    });

    it('waits for the stable arm to be up, and calls nobody', async () => {
      await follow();
      await report(stable.version, stable.digest, 'removed');
      router.isUp.stable = false;
      await follow();
      expect([router.share, await eventsToldOf()]).toEqual([100_000, []]);
      router.isUp.stable = true;
      await follow();
      expect(router.share).toBe(0);
    });
  });

  it('moves a route by one replica at a time; what the other wanted is found by the next look', async () => {
    let isHeld = true;
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    let begun: () => void = () => undefined;
    const hasBegun = new Promise<void>((resolve) => (begun = resolve));
    let shifts = 0;
    router.beforeShift = async () => {
      shifts += 1;
      begun();
      if (isHeld) await held;
    };
    await ramp(10_000);
    const first = follow();
    await hasBegun;
    await ramp(20_000);
    await follow();
    expect(shifts).toBe(1);
    isHeld = false;
    letGo();
    await first;
    expect(router.share).toBe(10_000);
    expect((await reach()).lacks).toBe('The router of checkout is being told of the share.');
    await follow();
    expect(router.share).toBe(20_000);
  });

  it('moves a route whose replica has died, once its claim has run out', async () => {
    const until = new Date(clock.now().getTime() + CLAIM_MS);
    const route = routeName(service.target);
    const late = await store.run((tx) => standings.claim(tx, route, { now: clock.now(), until }));
    await ramp(10_000);
    await follow();
    expect(router.share).toBe(0);
    clock.advance(CLAIM_MS);
    await follow();
    expect(router.share).toBe(10_000);
    if (late === null) throw new Error('nobody else had it');
    expect(await store.run((tx) => standings.settle(tx, late, aStanding(), clock.now()))).toBe(false);
    expect((await standing())?.follows).toBe(traffic.version);
  });

  it('frees a route when something failed that nobody foresaw', async () => {
    router.beforeShift = () => Promise.reject(new Error('a bug'));
    await ramp(10_000);
    await expect(follow()).rejects.toThrow('a bug');
    router.beforeShift = () => Promise.resolve();
    await follow();
    expect(router.share).toBe(10_000);
  });

  it('gives one claim to one of many', async () => {
    const now = clock.now();
    const until = new Date(now.getTime() + CLAIM_MS);
    const claims = await Promise.all(
      Array.from({ length: 8 }, () => store.run((tx) => standings.claim(tx, `race/${projectId}`, { now, until }))),
    );
    expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
  });
}
