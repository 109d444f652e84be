import type { Json } from '../kernel/json.js';
import { Topic } from '../platform/bus/bus.js';

/** An event has been stored: what readers need to know to tell whether it is one of theirs. */
// A type alias, because an interface has no index signature and would not be Json.
export type EventAppended = {
  readonly sequence: number;
  readonly projectId: string;
  readonly environmentId: string | null;
  readonly type: string;
  readonly subject: string;
  readonly data: { readonly [name: string]: Json };
  /** RFC 3339. */
  readonly at: string;
};

export const EVENT_APPENDED = new Topic<EventAppended>('event.appended');
