import type { EventDraft, EventType } from '../events/index.js';
import type { Release } from './release.js';

/** What is told of a release. */
export function eventOf(type: EventType, release: Release, at: Date, more: EventDraft['data'] = {}): EventDraft {
  const { id, projectId, environmentId, name, status, attempt, reason } = release;
  const { code, sentence } = reason;
  return {
    projectId,
    environmentId,
    type,
    subject: `release/${id}`,
    data: { name, status, attempt, reason: { code, sentence }, ...more },
    at,
  };
}
