import type { Deployment } from '../../src/deployments/deployment.js';
import type { Service } from '../../src/deployments/service.js';
import type { ServiceTraffic } from '../../src/deployments/service-traffic.js';
import { idNumber } from '../fakes/sequential-ids.js';

/** A service of aProject. */
export function aService(overrides: Partial<Service> = {}): Service {
  return {
    id: idNumber(30),
    projectId: idNumber(1),
    key: 'checkout',
    name: 'Checkout',
    version: 1,
    createdAt: new Date('2026-01-01T00:00:00.000Z'),
    ...overrides,
  };
}

/** A digest that is the letter over and over; it must be a hexadecimal digit. */
export function aDigest(letter = 'a'): string {
  return `sha256:${letter.repeat(64)}`;
}

/** Version 1 of aService, installed in anEnvironment, unless said. */
export function aDeployment(overrides: Partial<Deployment> = {}): Deployment {
  return {
    id: idNumber(31),
    serviceId: idNumber(30),
    environmentId: idNumber(2),
    version: 'v1',
    digest: aDigest(),
    state: 'installed',
    url: null,
    reportedBy: 'ci',
    at: new Date('2026-01-01T00:00:00.000Z'),
    ...overrides,
  };
}

/** All callers of aService in anEnvironment are sent to version 1, unless said. */
export function aTraffic(overrides: Partial<ServiceTraffic> = {}): ServiceTraffic {
  return {
    serviceId: idNumber(30),
    environmentId: idNumber(2),
    stable: { version: 'v1', digest: aDigest() },
    candidate: null,
    version: 1,
    updatedAt: new Date('2026-01-01T00:00:00.000Z'),
    ...overrides,
  };
}
