import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { notFound } from '../kernel/errors.js';
import { Ids } from '../kernel/ids.js';
import { RESOURCE_KEY } from '../kernel/key.js';
import type { Transaction } from '../kernel/transactions.js';
import { type Artifact, createService, type Service } from './service.js';
import { ServicesRepository } from './services.repository.js';

/** Finds services, and those that come to be by being named, for this module's own use cases. */
@Injectable()
export class ServiceCatalog {
  constructor(
    private readonly services: ServicesRepository,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** The service of a key; null: there is none. */
  async find(tx: Transaction, projectId: string, key: string): Promise<Service | null> {
    return RESOURCE_KEY.test(key) ? this.services.find(tx, projectId, key) : null;
  }

  /** The service of a key; throws `notFound`. */
  async require(tx: Transaction, projectId: string, key: string): Promise<Service> {
    const service = await this.find(tx, projectId, key);
    if (service !== null) return service;
    const message = `The project has no service "${key}"; it comes to be with the first deployment reported for it.`;
    throw notFound('SERVICE_NOT_FOUND', message);
  }

  /** The service of a key, made when there is none. Of two who make it at once, one does and both find it. */
  async ensure(
    tx: Transaction,
    projectId: string,
    key: string,
  ): Promise<{ readonly service: Service; readonly isNew: boolean }> {
    const known = await this.services.find(tx, projectId, key);
    if (known !== null) return { service: known, isNew: false };
    const service = createService({ key }, { id: this.ids.next(), projectId, now: this.clock.now() });
    const isNew = await this.services.insertMissing(tx, service);
    return { service: isNew ? service : await this.require(tx, projectId, key), isNew };
  }

  /** Binds a version to its digest for good; answers the digest that it is bound to. */
  bindDigest(tx: Transaction, service: Service, artifact: Artifact): Promise<string> {
    return this.services.bindDigest(tx, service.id, artifact, this.clock.now());
  }
}
