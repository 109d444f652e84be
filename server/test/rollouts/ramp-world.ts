import type { SequentialIds } from '../fakes/sequential-ids.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { FakeMetricProvider } from '../fakes/fake-metric-provider.js';
import { aFlag } from '../builders/a-flag.js';
import { anEnvironment, aProject } from '../builders/a-project.js';
import { aRequestContext } from '../builders/a-request-context.js';
import { aDeployment, aDigest, aService, aTraffic } from '../builders/a-service.js';
import { MetricProvider } from '../../src/analysis/index.js';
import { failure } from '../../src/analysis/providers/metric-answer.js';
import { AuditService } from '../../src/audit/index.js';
import { StoredSnapshots } from '../../src/delivery/stored-snapshots.service.js';
import { DeploymentsRepository } from '../../src/deployments/deployments.repository.js';
import { ServiceTrafficRepository } from '../../src/deployments/service-traffic.repository.js';
import { ServicesRepository } from '../../src/deployments/services.repository.js';
import { EventSignals } from '../../src/events/index.js';
import { FlagSettingsService } from '../../src/flags/flag-settings.service.js';
import { FlagsRepository } from '../../src/flags/flags.repository.js';
import { Clock } from '../../src/kernel/clock.js';
import { Ids } from '../../src/kernel/ids.js';
import type { Json } from '../../src/kernel/json.js';
import { FULL_SHARE } from '../../src/kernel/share.js';
import { Transactions } from '../../src/kernel/transactions.js';
import { WebhookSender } from '../../src/platform/webhooks/webhook-sender.adapter.js';
import { RolloutsConfig } from '../../src/platform/config/rollouts.js';
import { Outbox } from '../../src/platform/outbox/outbox.js';
import type { OutboxRelay } from '../../src/platform/outbox/outbox-relay.js';
import { OutboxRepository } from '../../src/platform/outbox/outbox.repository.js';
import { PoliciesService } from '../../src/policies/policies.service.js';
import { EnvironmentsRepository } from '../../src/projects/environments.repository.js';
import { ProjectsRepository } from '../../src/projects/projects.repository.js';
import { ReleaseCommands } from '../../src/releases/release-commands.service.js';
import { ReleaseFollower } from '../../src/releases/release-follower.service.js';
import { ReleaseQueue } from '../../src/releases/release-queue.service.js';
import { ReleasesService } from '../../src/releases/releases.service.js';
import { comparedSubjects } from '../../src/rollouts/ramp-target.js';
import type { Rollout } from '../../src/rollouts/rollout.js';
import { GateCaller } from '../../src/rollouts/gate-caller.js';
import { RolloutEngine } from '../../src/rollouts/rollout-engine.service.js';
import { RolloutPresence } from '../../src/rollouts/rollout-presence.service.js';
import { RolloutsRepository } from '../../src/rollouts/rollouts.repository.js';
import { WebhookGateAdapter } from '../../src/rollouts/webhook-gate.adapter.js';
import { InstancesRepository } from '../../src/telemetry/instances.repository.js';
import type { ArmMeasurement } from '../../src/telemetry/measurement.js';
import { MeasurementsRepository } from '../../src/telemetry/measurements.repository.js';
import type { DatabaseInUse } from '../contracts/use-database.js';
import { FaultyTransactions } from './faulty-transactions.js';
import { Injector } from './injector.js';

/** How the policy of a run differs from others. */
export interface PolicyTaste {
  readonly onDeadline: 'hold' | 'rollBack' | 'promote';
  readonly onNewer: 'supersede' | 'queue';
  readonly gate: 'none' | 'approval' | 'webhook';
  readonly isFrozenLater: boolean;
}

const START = '2026-03-02T09:00:00.000Z';
const FROZEN = { name: 'launch', starts: '2026-03-02T09:01:30.000Z', ends: '2026-03-02T09:05:00.000Z' };
/** Of the metric that the policy asks a provider for: more than this is bad. */
const AT_MOST = 1;
const WEBHOOKS = { allowPrivate: true, timeoutMs: 5_000 };
/** Units of a tick of traffic, of both arms. */
const UNITS = 400;

export const OWNER = aRequestContext({ actor: { kind: 'token', id: 'owner', name: 'Olga' } });
export const REVIEWER = aRequestContext({ actor: { kind: 'token', id: 'reviewer', name: 'Rita' } });

/** One process of the server, as far as ramps are concerned. */
export interface Process {
  readonly transactions: FaultyTransactions;
  readonly services: Injector;
}

/**
 * A project with two flags and a service, traffic whose candidate turns bad and good, a provider that goes down and
 * up, and two processes of the real server over one real store.
 */
export class RampWorld {
  readonly clock = new FakeClock(START);
  readonly projectKey: string;
  readonly projectId: string;
  readonly environmentId: string;
  /** What the candidate is like now. */
  isCandidateBad = false;
  provider: 'good' | 'bad' | 'down' | 'none' = 'good';
  hasLaggard = false;
  private readonly wasBad = new Set<string>();
  private hasProviderAccused = false;
  processes: [Process, Process];
  private revisionSeen = 0;

  private constructor(
    readonly store: DatabaseInUse,
    readonly ids: SequentialIds,
    readonly taste: PolicyTaste,
    private readonly gateUrl: string,
  ) {
    this.projectId = ids.next();
    this.environmentId = ids.next();
    this.projectKey = `p${this.projectId.slice(-12)}`;
    this.processes = [this.startProcess(), this.startProcess()];
  }

  static async make(
    store: DatabaseInUse,
    ids: SequentialIds,
    { taste, gateUrl }: { readonly taste: PolicyTaste; readonly gateUrl: string },
  ): Promise<RampWorld> {
    const world = new RampWorld(store, ids, taste, gateUrl);
    await world.furnish();
    return world;
  }

  /** Both processes; to be used where it does not matter which. */
  get services(): Injector {
    return this.processes[0].services;
  }

  /** What a killed process is followed by. */
  restart(which: 0 | 1): void {
    this.processes[which] = this.startProcess();
  }

  policy(revision = 0): Json {
    const { onDeadline, onNewer, gate, isFrozenLater } = this.taste;
    const gates = { none: [], approval: [{ kind: 'approval' }], webhook: [{ kind: 'webhook', url: this.gateUrl }] };
    return {
      steps: [
        { share: 10_000, holdSeconds: 30, minimumUnits: 20 },
        { share: 50_000, holdSeconds: 30 + revision, minimumUnits: 100, gates: gates[gate] },
        { share: FULL_SHARE, holdSeconds: 10 },
      ],
      metrics: [
        { kind: 'failures', name: 'failures', count: 'units' },
        {
          kind: 'query',
          name: 'latency',
          query: { kind: 'json', url: 'http://metrics.test/{{version}}', path: '$.value' },
          judge: { kind: 'threshold', atMost: AT_MOST },
          intervalSeconds: 10,
          consecutiveErrorLimit: 0,
        },
      ],
      bakeSeconds: 20,
      onDeadline: { afterSeconds: 60, action: onDeadline },
      onOutage: { afterSeconds: 60 },
      onNewer,
      freezeWindows: isFrozenLater ? [FROZEN] : [],
    };
  }

  /** Lets time pass, with traffic and SDK instances that report. */
  async pass(seconds: number): Promise<void> {
    this.clock.advance(seconds * 1_000);
    await this.store.run(async (tx) => {
      const environment = await new EnvironmentsRepository().findWithProjectKey(tx, this.environmentId);
      if (!this.hasLaggard) this.revisionSeen = environment?.revision ?? 0;
      await new InstancesRepository().save(tx, [this.anInstance()]);
      const running = await new RolloutsRepository().listRunning(tx, this.environmentId);
      const arms = running.flatMap((rollout) => this.trafficOf(rollout));
      await new MeasurementsRepository().addToArms(
        tx,
        arms.map((arm) => ({ ...arm, environmentId: this.environmentId, lastAt: this.clock.now() })),
      );
    });
  }

  /** Whether a candidate has done anything to be rolled back for. */
  isGuilty(rolloutId: string): boolean {
    return this.wasBad.has(rolloutId) || this.hasProviderAccused;
  }

  /** Rollouts of this project that run, oldest first. Reads in a transaction of its own, never while killed. */
  running(): Promise<readonly Rollout[]> {
    return this.store.run((tx) => new RolloutsRepository().listRunning(tx, this.environmentId));
  }

  private startProcess(): Process {
    const transactions = new FaultyTransactions(this.store.transactions);
    // Only append is ever called here, and it wakes the relay, which is not part of this world.
    const relay = { wake: () => undefined } as unknown as OutboxRelay;
    const services = new Injector([
      [Transactions, transactions],
      [Clock, this.clock],
      [Ids, this.ids],
      [RolloutsConfig, { tickMs: 5_000 }],
      [GateCaller, new WebhookGateAdapter(new WebhookSender(WEBHOOKS), { secrets: [] }, this.clock)],
      [Outbox, new Outbox(new OutboxRepository(this.clock), relay)],
      [EventSignals, {}],
      [
        MetricProvider,
        new FakeMetricProvider(() => {
          if (this.provider === 'down') return failure('q', 'PROVIDER_UNREACHABLE', 'It does not answer.');
          if (this.provider === 'bad') this.hasProviderAccused = true;
          return this.provider === 'none' ? [] : [this.provider === 'bad' ? AT_MOST + 1 : AT_MOST];
        }),
      ],
    ]);
    // What registers itself with others must be there, as it is in a server.
    for (const each of [RolloutPresence, ReleaseFollower]) services.get<object>(each);
    for (const each of [RolloutEngine, ReleaseCommands, ReleaseQueue, ReleasesService]) services.get<object>(each);
    for (const each of [FlagSettingsService, PoliciesService, StoredSnapshots, AuditService])
      services.get<object>(each);
    return { transactions, services };
  }

  private async furnish(): Promise<void> {
    const { projectId, environmentId, ids } = this;
    const project = aProject({ id: projectId, key: this.projectKey });
    const service = aService({ id: ids.next(), projectId });
    await this.store.run(async (tx) => {
      await new ProjectsRepository().insert(tx, project);
      await new EnvironmentsRepository().insert(tx, anEnvironment({ id: environmentId, projectId }));
      for (const key of ['cart', 'banner']) {
        await new FlagsRepository().insert(tx, aFlag({ id: ids.next(), projectId, key }));
      }
      await new ServicesRepository().insert(tx, service);
      const at = this.clock.now();
      for (const [version, letter] of [
        ['v1', 'a'],
        ['v2', 'b'],
        ['v3', 'c'],
      ] as const) {
        const digest = aDigest(letter);
        await new ServicesRepository().bindDigest(tx, service.id, { version, digest }, at);
        const where = { id: ids.next(), serviceId: service.id, environmentId };
        await new DeploymentsRepository().insert(tx, aDeployment({ ...where, version, digest }));
      }
      await new ServiceTrafficRepository().insert(tx, aTraffic({ serviceId: service.id, environmentId }));
    });
    const policy = { key: 'ramp', name: 'Ramp', document: this.policy() };
    await this.services.get(PoliciesService).create(OWNER, this.projectKey, policy);
  }

  private anInstance(): Parameters<InstancesRepository['save']>[1][number] {
    const now = this.clock.now();
    const said = { id: 'shop-1', name: 'shop-1', sdk: 'test/1', service: null, serviceVersion: null };
    const revision = { revision: this.revisionSeen, revisionAppliedAt: now };
    return { environmentId: this.environmentId, ...said, ...revision, firstSeenAt: now, lastSeenAt: now };
  }

  /** Of a good candidate, as many units go bad as its share of all; of a bad one, most. */
  private trafficOf(rollout: Rollout): readonly ArmMeasurement[] {
    const { share } = rollout.ramp;
    const [bad, all] = [this.isCandidateBad, FULL_SHARE];
    if (bad) this.wasBad.add(rollout.id);
    const candidate = Math.round((UNITS * share) / all);
    const sums = { sum: 0, sumSquares: 0, callers: [], anonymousBad: 0, sketch: null };
    const arm = (subject: string, name: 'stable' | 'candidate', units: number): readonly ArmMeasurement[] => {
      if (units === 0) return [];
      const failed = name === 'candidate' && bad ? Math.ceil(units * 0.6) : Math.floor(units / 40);
      const of = { ...sums, rolloutId: rollout.id, subject, arm: name };
      return [
        { ...of, metric: 'unit', n: units, bad: failed },
        { ...of, metric: 'exposed', n: units, bad: 0 },
      ];
    };
    return comparedSubjects(rollout.targets).flatMap((subject) => [
      ...arm(subject, 'candidate', candidate),
      ...arm(subject, 'stable', UNITS - candidate),
    ]);
  }
}
