import { FULL_SHARE } from '../../kernel/share.js';
import { type HttpRouteManifest, type HttpRouteShape, rulesOf } from './http-route.js';

/** An HTTPRoute as an API server answers it: what of it Sluice reads. */
export interface FoundRoute {
  readonly metadata: {
    readonly namespace?: string;
    readonly generation?: number;
    readonly resourceVersion?: string;
    readonly managedFields?: readonly { readonly manager?: string; readonly operation?: string }[];
  };
  readonly spec?: {
    readonly parentRefs?: readonly ParentRef[];
    readonly rules?: readonly FoundRule[];
  };
  readonly status?: { readonly parents?: readonly ParentStatus[] };
}

/** What a rule matches is not looked into, only compared. */
export interface FoundRule {
  readonly matches?: readonly object[];
  readonly backendRefs?: readonly { readonly name?: string; readonly weight?: number }[];
}

export interface ParentRef {
  readonly group?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name: string;
  readonly sectionName?: string;
  readonly port?: number;
}

export interface ParentStatus {
  readonly parentRef: ParentRef;
  readonly conditions?: readonly {
    readonly type: string;
    readonly status: string;
    readonly reason?: string;
    readonly message?: string;
    readonly observedGeneration?: number;
  }[];
}

/**
 * The share of the candidate that a route asks for, in thousandths of a percent, whatever its weights add up to; undefined
 * when its rules are not those that Sluice writes, or its weights are no such share.
 */
export function shareIn({ spec }: FoundRoute, shape: HttpRouteShape): number | undefined {
  const refs = spec?.rules?.at(-1)?.backendRefs ?? [];
  const [stable = 1, candidate = 1] = refs.map(({ weight = 1 }) => weight);
  const share = (candidate * FULL_SHARE) / (stable + candidate);
  if (refs.length !== 2 || !Number.isInteger(share)) return undefined;
  const wanted = rulesOf(shape, share);
  const weights = wanted.at(-1)?.backendRefs.map(({ weight }) => weight) ?? [];
  const normal = spec?.rules?.map((rule, index, rules) =>
    index < rules.length - 1
      ? rule
      : { ...rule, backendRefs: refs.map((ref, arm) => ({ ...ref, weight: weights[arm] })) },
  );
  return covers(normal, wanted) ? share : undefined;
}

/** Whether a route has everything that a manifest says, weights as they are written. */
export function isAsApplied(found: FoundRoute, { metadata, spec }: HttpRouteManifest): boolean {
  return covers(found, { metadata: { annotations: metadata.annotations }, spec });
}

/** Whether a field manager has applied a route before: fields of it that others changed since were its own. */
export function hasApplied({ metadata }: FoundRoute, manager: string): boolean {
  return (metadata.managedFields ?? []).some((each) => each.manager === manager && each.operation === 'Apply');
}

/** Whether everything in `wanted` is in `found`, which may have more: what the API filled in. Lists match whole. */
function covers(found: unknown, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return found === wanted;
  if (typeof found !== 'object' || found === null) return false;
  if (Array.isArray(wanted) && (!Array.isArray(found) || found.length !== wanted.length)) return false;
  const at = new Map<string, unknown>(Object.entries(found));
  return Object.entries(wanted).every(([key, value]) => covers(at.get(key), value));
}
