import { Injectable } from '@nestjs/common';
import { TokenDirectory } from '../auth/index.js';
import { Clock } from '../kernel/clock.js';
import { precondition } from '../kernel/errors.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { Outbox } from '../platform/outbox/outbox.js';
import { ProjectsReader } from '../projects/index.js';
import type { ServicePlace } from './deployments.repository.js';
import { INSTANCES_CHANGED } from './instances-changed.js';
import { ServiceCatalog } from './service-catalog.service.js';
import {
  holderAfter,
  isInstanceId,
  isNews,
  parseInstanceDraft,
  registeredInstance,
  type Registrar,
  type ServiceInstance,
} from './service-instance.js';
import { ServiceInstancesRepository } from './service-instances.repository.js';
import type { TrafficPlace } from './service-traffics.service.js';

/** Of one service in one environment: more is a loop that registers, not a fleet. */
const MAX_INSTANCES = 2_000;
/** Long enough that no outage of Sluice or of its network makes it forget who was there before. */
const FORGOTTEN_AFTER_MS = 24 * 60 * 60 * 1_000;

/** Names a service in an environment by keys. */
export interface InstancesPlace {
  readonly project: string;
  readonly environment: string;
  readonly service: string;
}

/**
 * Where the instances of services listen, as they say themselves. Nothing of it is on record for people: instances come
 * and go by themselves, and renew their leases all the time.
 */
@Injectable()
export class ServiceInstances {
  // Seven: whose instance it is only the tokens can tell.
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly catalog: ServiceCatalog,
    private readonly instances: ServiceInstancesRepository,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly tokens: TokenDirectory,
  ) {}

  /** Those of a service, by id, with those whose lease has ended. */
  list(ctx: RequestContext, place: InstancesPlace): Promise<readonly ServiceInstance[]> {
    return this.transactions.read(async (tx) => this.instances.list(tx, await this.placed(tx, ctx, place)));
  }

  /** Registers an instance, or renews its lease; throws `conflict` for one that is another token's. */
  async register(ctx: RequestContext, place: InstancesPlace, id: string, body: unknown): Promise<ServiceInstance> {
    const draft = parseInstanceDraft(id, body);
    const registrar = await this.registrarOf(ctx);
    return this.transactions.run(async (tx) => {
      const placed = await this.placed(tx, ctx, place);
      const now = this.clock.now();
      const before = await this.instances.find(tx, placed, draft.id);
      const registeredBy = holderAfter(before, registrar, now);
      if (before === null) await this.makeRoom(tx, placed, now);
      const after = registeredInstance(draft, { before, now });
      await this.instances.save(tx, placed, { ...after, registeredBy });
      if (isNews(before, after, now)) await this.tell(tx, placed);
      return after;
    });
  }

  /**
   * Takes an instance out: nobody is sent to it any more. Does nothing for one that is not there; throws `conflict` for
   * one that is another token's.
   */
  async leave(ctx: RequestContext, place: InstancesPlace, id: string): Promise<void> {
    const registrar = await this.registrarOf(ctx);
    await this.transactions.run(async (tx) => {
      const placed = await this.placed(tx, ctx, place);
      const before = isInstanceId(id) ? await this.instances.find(tx, placed, id) : null;
      if (before === null) return;
      holderAfter(before, registrar, this.clock.now());
      if (await this.instances.remove(tx, placed, id)) await this.tell(tx, placed);
    });
  }

  /** Those of a service in an environment, for other modules; those whose lease has ended are among them. */
  async of(tx: Transaction, { projectId, environmentId, key }: TrafficPlace): Promise<readonly ServiceInstance[]> {
    const service = await this.catalog.find(tx, projectId, key);
    return service === null ? [] : this.instances.list(tx, { serviceId: service.id, environmentId });
  }

  private async registrarOf({ actor }: RequestContext): Promise<Registrar> {
    const token = actor.kind === 'token' ? await this.tokens.findById(actor.id) : undefined;
    const maySpeakForOthers = actor.kind !== 'token' || token?.kind === 'ci' || token?.kind === 'admin';
    return { id: actor.id, replacesId: token?.replacesId ?? null, maySpeakForOthers };
  }

  private async placed(tx: Transaction, ctx: RequestContext, place: InstancesPlace): Promise<ServicePlace> {
    const environment = await this.projects.environment(tx, ctx, place.project, place.environment);
    const service = await this.catalog.require(tx, environment.projectId, place.service);
    return { serviceId: service.id, environmentId: environment.id };
  }

  private async makeRoom(tx: Transaction, placed: ServicePlace, now: Date): Promise<void> {
    await this.instances.removeEndedBefore(tx, placed, new Date(now.getTime() - FORGOTTEN_AFTER_MS));
    if ((await this.instances.count(tx, placed)) < MAX_INSTANCES) return;
    const message = `This service has ${MAX_INSTANCES} instances here; take those out that are gone, and give each one id.`;
    throw precondition('INSTANCES_FULL', message, { data: { limit: MAX_INSTANCES } });
  }

  private tell(tx: Transaction, { environmentId }: ServicePlace): Promise<void> {
    return this.outbox.append(tx, INSTANCES_CHANGED, { environmentId });
  }
}
