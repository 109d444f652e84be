import { Topic } from '../platform/bus/bus.js';

/** An environment has come to a new revision. */
// A type alias, because an interface has no index signature and would not be Json.
export type EnvironmentChanged = { readonly environmentId: string; readonly revision: number };

export const ENVIRONMENT_CHANGED = new Topic<EnvironmentChanged>('environment.changed');
