import type { EventDraft } from '../../src/events/index.js';
import { idNumber } from '../fakes/sequential-ids.js';

/** A release of aProject has started, unless said. */
export function anEvent(overrides: Partial<EventDraft> = {}): EventDraft {
  return {
    projectId: idNumber(1),
    environmentId: idNumber(2),
    type: 'dev.sluice.release.started',
    subject: 'release/1',
    data: { attempt: 1 },
    at: new Date('2026-01-01T00:00:00.000Z'),
    ...overrides,
  };
}
