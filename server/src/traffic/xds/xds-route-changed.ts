import { Topic } from '../../platform/bus/bus.js';

/** What clients are told of a route has changed. */
// A type alias, because an interface has no index signature and would not be Json.
export type XdsRouteChanged = { readonly route: string };

export const XDS_ROUTE_CHANGED = new Topic<XdsRouteChanged>('xds.route.changed');
