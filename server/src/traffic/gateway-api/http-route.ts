import { FULL_SHARE } from '../../kernel/share.js';
import type { Arm } from '../traffic-router.js';

/** What of a service's HTTPRoute is the operator's. */
export interface HttpRouteShape {
  readonly namespace: string;
  readonly name: string;
  /** Two Services of the namespace. */
  readonly stable: string;
  readonly candidate: string;
  readonly port: number;
  /** Absent: who else owns the route says which Gateways it belongs to. */
  readonly gateways: readonly GatewayRef[];
  readonly hostnames: readonly string[];
  readonly path: string;
  /** The request header whose value, `stable` or `candidate`, picks an arm; absent: nobody picks. */
  readonly armHeader?: string | undefined;
}

export interface GatewayRef {
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly sectionName?: string | undefined;
}

export const HTTP_ROUTE_API = 'gateway.networking.k8s.io/v1';

/** An HTTPRoute as Sluice applies it: every field in it is Sluice's, and no other. Plain JSON, which is YAML too. */
export interface HttpRouteManifest {
  readonly apiVersion: typeof HTTP_ROUTE_API;
  readonly kind: 'HTTPRoute';
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly parentRefs?: readonly object[];
    readonly hostnames?: readonly string[];
    readonly rules: readonly HttpRouteRule[];
  };
}

export interface HttpRouteRule {
  readonly matches: readonly object[];
  readonly backendRefs: readonly BackendRef[];
}

export interface BackendRef {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly port: number;
  readonly weight: number;
}

/** Says whose share a route carries; Sluice owns it, so that an apply server-side leaves a trace of who was there. */
const ROUTE_ANNOTATION = 'sluice.dev/route';

/**
 * The HTTPRoute (Gateway API v1, standard channel) that gives the candidate a share, in thousandths of a percent. Weights
 * add up to 100 000, so every share is exact; the API allows an implementation "some epsilon" of its own precision. They
 * are per request: the API has nothing in its standard channel that keeps a user on one side. Fields that the API would
 * fill in are written out, so that what is read back can be compared.
 */
export function httpRouteOf(shape: HttpRouteShape, share: number, route: string): HttpRouteManifest {
  const { name, namespace, gateways, hostnames } = shape;
  return {
    apiVersion: HTTP_ROUTE_API,
    kind: 'HTTPRoute',
    metadata: { name, namespace, annotations: { [ROUTE_ANNOTATION]: route } },
    spec: {
      ...(gateways.length === 0 ? {} : { parentRefs: gateways.map(parentRefOf) }),
      ...(hostnames.length === 0 ? {} : { hostnames }),
      rules: rulesOf(shape, share),
    },
  };
}

/** The rules alone. More matches win over fewer, so those with the header stand above the split wherever they are. */
export function rulesOf(shape: HttpRouteShape, share: number): readonly HttpRouteRule[] {
  const path = { type: 'PathPrefix', value: shape.path };
  const picked = (arm: Arm): HttpRouteRule => ({
    matches: [{ path, headers: [{ type: 'Exact', name: shape.armHeader, value: arm }] }],
    backendRefs: [backendRef(shape, arm, 1)],
  });
  const split: HttpRouteRule = {
    matches: [{ path }],
    backendRefs: [backendRef(shape, 'stable', FULL_SHARE - share), backendRef(shape, 'candidate', share)],
  };
  return shape.armHeader === undefined ? [split] : [picked('candidate'), picked('stable'), split];
}

function backendRef(shape: HttpRouteShape, arm: Arm, weight: number): BackendRef {
  return { group: '', kind: 'Service', name: shape[arm], port: shape.port, weight };
}

function parentRefOf({ name, namespace, sectionName }: GatewayRef): object {
  return {
    group: 'gateway.networking.k8s.io',
    kind: 'Gateway',
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(sectionName === undefined ? {} : { sectionName }),
  };
}
