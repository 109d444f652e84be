import { Topic } from '../platform/bus/bus.js';
import type { AuditEntry } from './audit-entry.js';

/** Something was done: what listeners need to know to tell whether they show it. */
// A type alias, because an interface has no index signature and would not be Json.
export type AuditRecorded = {
  readonly projectId: string | null;
  /** Of what was done it to, where that says so. */
  readonly environmentId: string | null;
  readonly action: string;
  readonly subject: string;
  readonly actor: string;
  /** Of what it was done to, afterwards; null: it has none, or is gone. */
  readonly version: number | null;
  readonly isGone: boolean;
  /** RFC 3339. */
  readonly at: string;
};

export const AUDIT_RECORDED = new Topic<AuditRecorded>('audit.recorded');

/** What is told of an entry. */
export function recordedOf(entry: AuditEntry): AuditRecorded {
  const { projectId, action, subject, actor, before, after, at } = entry;
  const version = fieldOf(after, 'version');
  const environmentId = fieldOf(after, 'environmentId') ?? fieldOf(before, 'environmentId');
  return {
    projectId,
    environmentId: typeof environmentId === 'string' ? environmentId : null,
    action,
    subject,
    actor: actor.name,
    version: typeof version === 'number' ? version : null,
    isGone: before !== null && after === null,
    at: at.toISOString(),
  };
}

function fieldOf(value: AuditEntry['after'], name: string): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
