import { Injectable } from '@nestjs/common';
import { notFound } from '../kernel/errors.js';
import { RESOURCE_KEY } from '../kernel/key.js';
import type { Transaction } from '../kernel/transactions.js';
import type { Service } from './service.js';
import { ServicesRepository } from './services.repository.js';

/** Finds services for this module's own use cases. */
@Injectable()
export class ServiceCatalog {
  constructor(private readonly services: ServicesRepository) {}

  /** The service of a key; throws `notFound`. */
  async require(tx: Transaction, projectId: string, key: string): Promise<Service> {
    const service = RESOURCE_KEY.test(key) ? await this.services.find(tx, projectId, key) : null;
    if (service !== null) return service;
    const message = `The project has no service "${key}"; it comes to be with the first deployment reported for it.`;
    throw notFound('SERVICE_NOT_FOUND', message);
  }
}
