import type { Json } from '../kernel/json.js';
import type { EventType } from './event-type.js';

/** What a use case says has happened. */
export interface EventDraft {
  readonly projectId: string;
  /** Absent for what concerns no one environment; tokens bound to an environment do not see it. */
  readonly environmentId?: string | undefined;
  readonly type: EventType;
  /** What it happened to: `release/<id>`, `service/checkout`, `flag/new-cart`. */
  readonly subject: string;
  /** What there is to know of it, for whoever listens: nothing secret. */
  readonly data: Readonly<Record<string, Json>>;
  readonly at: Date;
}

/** Something that has happened, for good. */
export interface EventRecord {
  /** Grows in the order of commits: who has read up to one has missed none before it. There are gaps. */
  readonly sequence: number;
  readonly id: string;
  readonly projectId: string;
  readonly environmentId: string | null;
  /** An EventType, of this version of Sluice or of a later one that wrote to the same store. */
  readonly type: string;
  readonly subject: string;
  readonly data: Readonly<Record<string, Json>>;
  readonly at: Date;
  /** The span in which it happened (W3C Trace Context); absent: nothing was traced. */
  readonly traceparent?: string;
}
