import type { AuditRecorded } from '../audit/index.js';
import type { Json } from '../kernel/json.js';
import type { Permission } from '../kernel/permission.js';
import type { EventAppended } from './event-appended.js';

/** Kinds of things that change, and what one must be allowed to hear of them. */
export const CHANGE_TOPICS = {
  project: 'project.read',
  environment: 'project.read',
  flag: 'flag.read',
  flagSettings: 'flag.read',
  segment: 'segment.read',
  policy: 'policy.read',
  guardrail: 'guardrail.read',
  release: 'release.read',
  rollout: 'release.read',
  parallelRun: 'parallelRun.read',
  parallelRunSettings: 'parallelRun.read',
  service: 'deployment.read',
  deployment: 'deployment.read',
  traffic: 'deployment.read',
  token: 'token.read',
  person: 'person.read',
  webhook: 'webhook.read',
  other: 'audit.read',
} as const satisfies Record<string, Permission>;
export type ChangeTopic = keyof typeof CHANGE_TOPICS;

/** Something changed: enough to know whether to look again, no more. */
export interface Change {
  readonly topic: ChangeTopic;
  /** Key or id of what changed. */
  readonly key: string;
  /** Null: it is of the whole instance. */
  readonly projectId: string | null;
  /** Null: it is of no one environment; a message that names one by key leaves it to be looked up. */
  readonly environmentId: string | null;
  /** Key of the environment; a message that names one by id leaves it to be looked up. */
  readonly environment: string | null;
  /** Afterwards; null: it has none, or is gone. */
  readonly version: number | null;
  readonly isGone: boolean;
  /** What was done: the audit log's word, or the type of the event. */
  readonly action: string;
  /** Name of who did it; null where the message does not say. */
  readonly actor: string | null;
  readonly at: Date;
  /** How it stands now, of what is small enough to be told; null: ask. */
  readonly patch: Readonly<Record<string, Json>> | null;
}

/** How the subjects of the audit log begin, and what they are of. */
const TOPIC_OF_SUBJECT: ReadonlyMap<string, ChangeTopic> = new Map([
  ['project', 'project'],
  ['environment', 'environment'],
  ['flag', 'flag'],
  ['segment', 'segment'],
  ['policy', 'policy'],
  ['guardrail', 'guardrail'],
  ['release', 'release'],
  ['parallel-run', 'parallelRun'],
  ['service', 'service'],
  ['token', 'token'],
  ['person', 'person'],
  ['webhook', 'webhook'],
]);

/** What an entry of the audit log tells. Subjects are paths of keys; those of flags may have slashes in them. */
export function changeOfRecord(record: AuditRecorded): Change {
  const { projectId, environmentId, action, subject, actor, version, isGone, at } = record;
  const [kind, rest] = splitAt(subject, subject.indexOf('/'));
  const named = TOPIC_OF_SUBJECT.get(kind) ?? 'other';
  const [topic, isPlaced] = placedTopic(named, action, rest);
  const [key, environment] = isPlaced ? splitAt(rest, rest.lastIndexOf('/')) : [rest, null];
  const common = { projectId, environmentId, environment, version, isGone, action, actor, at: new Date(at) };
  return { ...common, topic, key: topic === 'other' ? subject : key, patch: null };
}

/** Tells what is of one environment, and so has its key at the end of its path. */
function placedTopic(topic: ChangeTopic, action: string, rest: string): readonly [ChangeTopic, boolean] {
  if (topic === 'flag') return action.startsWith('flag.settings') ? ['flagSettings', true] : ['flag', false];
  const isPlaced = rest.includes('/');
  if (topic === 'parallelRun') return isPlaced ? ['parallelRunSettings', true] : ['parallelRun', false];
  if (topic === 'service') return isPlaced ? ['deployment', true] : ['service', false];
  return [topic, topic === 'guardrail' && isPlaced];
}

/** What an event tells; of releases also how they stand. */
export function changeOfEvent({ projectId, environmentId, type, subject, data, at }: EventAppended): Change {
  const [kind, key] = splitAt(subject, subject.indexOf('/'));
  const topic = topicOfEvent(type, kind);
  const common = { projectId, environmentId, environment: null, version: null, isGone: false, actor: null };
  const patch = topic === 'release' || topic === 'rollout' ? data : null;
  return { ...common, topic, key, action: type, at: new Date(at), patch };
}

/** What a new revision of an environment tells. */
export function changeOfRevision(
  { id, key, projectId }: { readonly id: string; readonly key: string; readonly projectId: string },
  revision: number,
  at: Date,
): Change {
  const place = { projectId, environmentId: id, environment: key };
  const what = { topic: 'environment', key, action: 'environment.advanced' } as const;
  return { ...place, ...what, version: revision, isGone: false, actor: null, at, patch: null };
}

function topicOfEvent(type: string, kind: string): ChangeTopic {
  if (type.startsWith('dev.sluice.rollout.')) return 'rollout';
  if (type.startsWith('dev.sluice.traffic.')) return 'traffic';
  if (type.startsWith('dev.cdevents.service.')) return 'deployment';
  if (kind === 'flag') return 'flagSettings';
  if (kind === 'parallel-run') return 'parallelRunSettings';
  return TOPIC_OF_SUBJECT.get(kind) ?? 'other';
}

function splitAt(text: string, place: number): readonly [string, string] {
  return place < 0 ? [text, ''] : [text.slice(0, place), text.slice(place + 1)];
}
