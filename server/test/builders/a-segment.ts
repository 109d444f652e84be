import type { Segment } from '../../src/segments/segment.js';
import { idNumber } from '../fakes/sequential-ids.js';

/** A segment of aProject without members, unless said. */
export function aSegment(overrides: Partial<Segment> = {}): Segment {
  return {
    id: idNumber(20),
    projectId: idNumber(1),
    key: 'beta-testers',
    name: 'Beta testers',
    description: '',
    included: [],
    excluded: [],
    rules: [],
    version: 1,
    createdAt: new Date('2026-01-01T00:00:00.000Z'),
    updatedAt: new Date('2026-01-01T00:00:00.000Z'),
    ...overrides,
  };
}
