import { Topic } from '../platform/bus/bus.js';

/** Where instances of a service came, went or moved. */
// A type alias, because an interface has no index signature and would not be Json.
export type InstancesChanged = { readonly environmentId: string };

/** Look at the store from time to time all the same: leases end without a word. */
export const INSTANCES_CHANGED = new Topic<InstancesChanged>('instances.changed');
