import type { Flag, FlagRule } from '../../src/flags/flag.js';
import { idNumber } from '../fakes/sequential-ids.js';

/** A boolean flag of aProject, unless said. */
export function aFlag(overrides: Partial<Flag> = {}): Flag {
  return {
    id: idNumber(10),
    projectId: idNumber(1),
    key: 'new-cart',
    type: 'boolean',
    name: 'New cart',
    description: '',
    tags: [],
    owner: null,
    purpose: 'release',
    dueAt: null,
    variations: [
      { key: 'on', value: true },
      { key: 'off', value: false },
    ],
    metadata: {},
    version: 1,
    createdAt: new Date('2026-01-01T00:00:00.000Z'),
    updatedAt: new Date('2026-01-01T00:00:00.000Z'),
    ...overrides,
  };
}

/** A rule that serves "on" to everybody in Austria, unless said. */
export function aRule(overrides: Partial<FlagRule> = {}): FlagRule {
  return {
    id: 'rule-1',
    description: '',
    clauses: [{ attribute: 'country', operator: 'in', values: ['AT'], negate: false }],
    serve: { variation: 'on' },
    ...overrides,
  };
}
