import type { Environment, Project } from '../../src/projects/index.js';
import { idNumber } from '../fakes/sequential-ids.js';

export function aProject(overrides: Partial<Project> = {}): Project {
  return {
    id: idNumber(1),
    key: 'shop',
    name: 'Shop',
    version: 1,
    createdAt: new Date('2026-01-01T00:00:00.000Z'),
    ...overrides,
  };
}

/** An environment of aProject. */
export function anEnvironment(overrides: Partial<Environment> = {}): Environment {
  return {
    id: idNumber(2),
    projectId: idNumber(1),
    key: 'production',
    name: 'Production',
    production: true,
    revision: 0,
    version: 1,
    createdAt: new Date('2026-01-01T00:00:00.000Z'),
    ...overrides,
  };
}
