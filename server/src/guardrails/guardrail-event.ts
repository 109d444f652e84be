import type { EventDraft, EventType } from '../events/index.js';
import type { Guardrail } from './guardrail.js';

/** What is told of a guardrail. */
export function eventOf(type: EventType, guardrail: Guardrail, at: Date, more: EventDraft['data'] = {}): EventDraft {
  const { projectId, environmentId, key, name, state, reason, lastCheck, onBroken } = guardrail;
  return {
    projectId,
    environmentId,
    type,
    subject: `guardrail/${key}`,
    data: { key, name, state, sentence: reason, value: lastCheck?.value ?? null, isAlert: onBroken.alert, ...more },
    at,
  };
}
