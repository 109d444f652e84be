import { Injectable } from '@nestjs/common';
import type { Transaction } from '../kernel/transactions.js';
import type { ServiceInstance as Row } from '../platform/prisma/generated/client.js';
import { clientOf } from '../platform/prisma/prisma-transactions.js';
import type { ServicePlace } from './deployments.repository.js';
import type { HeldInstance, ServiceInstance } from './service-instance.js';

@Injectable()
export class ServiceInstancesRepository {
  async find(tx: Transaction, { serviceId, environmentId }: ServicePlace, id: string): Promise<HeldInstance | null> {
    const where = { environmentId_serviceId_id: { environmentId, serviceId, id } };
    const row = await clientOf(tx).serviceInstance.findUnique({ where });
    return row === null ? null : { ...toInstance(row), registeredBy: row.registeredBy };
  }

  /** Those of a service in an environment, by id, whether their leases hold or not. */
  async list(tx: Transaction, { serviceId, environmentId }: ServicePlace): Promise<readonly ServiceInstance[]> {
    const where = { environmentId, serviceId };
    return (await clientOf(tx).serviceInstance.findMany({ where, orderBy: { id: 'asc' } })).map(toInstance);
  }

  count(tx: Transaction, { serviceId, environmentId }: ServicePlace): Promise<number> {
    return clientOf(tx).serviceInstance.count({ where: { environmentId, serviceId } });
  }

  async save(tx: Transaction, { serviceId, environmentId }: ServicePlace, instance: HeldInstance): Promise<void> {
    const { id, version, address, port, weight, leaseUntil, registeredAt, registeredBy } = instance;
    const content = { version, address, port, weight, leaseUntil, registeredBy };
    await clientOf(tx).serviceInstance.upsert({
      where: { environmentId_serviceId_id: { environmentId, serviceId, id } },
      create: { serviceId, environmentId, id, ...content, registeredAt },
      update: content,
    });
  }

  /** Whether it was there. */
  async remove(tx: Transaction, { serviceId, environmentId }: ServicePlace, id: string): Promise<boolean> {
    const { count } = await clientOf(tx).serviceInstance.deleteMany({ where: { environmentId, serviceId, id } });
    return count > 0;
  }

  /** Removes those of a service whose leases ended before a moment. */
  async removeEndedBefore(tx: Transaction, { serviceId, environmentId }: ServicePlace, moment: Date): Promise<void> {
    const where = { environmentId, serviceId, leaseUntil: { lt: moment } };
    await clientOf(tx).serviceInstance.deleteMany({ where });
  }
}

function toInstance({ id, version, address, port, weight, leaseUntil, registeredAt }: Row): ServiceInstance {
  return { id, version, address, port, weight, leaseUntil, registeredAt };
}
