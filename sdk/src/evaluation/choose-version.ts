import { limitOf, orderOf } from './bucket.js';
import type { EvaluationContext } from './context.js';
import { hashAfter, hashPrefix, type HashPrefix } from './murmur3.js';
import { isAttributes, parseAttribute, readAttribute, type AttributePath, type Attributes } from './read-attribute.js';
import { FULL_SHARE } from './snapshot.js';

/**
 * Why this version. STATIC: there is no other. SPLIT: by the caller's bucket. DEFAULT: there is nothing to bucket the
 * caller by, or the candidate cannot be read, so the stable one. ROUTED: an earlier service of the chain had chosen.
 * ERROR: there is none to choose.
 */
export type VersionReason = 'STATIC' | 'SPLIT' | 'DEFAULT' | 'ROUTED' | 'ERROR';

/** Which version of a service a caller is sent to. Frozen and shared between calls: never change it. */
export interface VersionChoice {
  /** Undefined where the service is not known, has no stable version, or no snapshot has arrived. */
  readonly version: string | undefined;
  readonly arm: 'stable' | 'candidate' | undefined;
  readonly reason: VersionReason;
  /** A sentence for a person, where something is wrong. */
  readonly errorMessage: string | undefined;
}

/** A service made ready: its choices are looked up, never built. */
export interface CompiledService {
  /** For those whom nothing assigns. */
  readonly byDefault: VersionChoice;
  readonly candidate: CompiledCandidate | undefined;
  /** For those who come with a version: what an earlier service chose, by version. */
  readonly routed: ReadonlyMap<string, VersionChoice>;
}

interface CompiledCandidate {
  readonly bucketBy: AttributePath;
  readonly seed: HashPrefix;
  /** Hashes below it get the candidate. */
  readonly limit: number;
  readonly stable: VersionChoice;
  readonly chosen: VersionChoice;
}

/** By service key. */
export type CompiledServices = ReadonlyMap<string, CompiledService>;

const NOTHING: ReadonlyMap<string, VersionChoice> = new Map();
const NOT_FOUND = failed('There is no service of this key.');
const MALFORMED = failed('The service has no stable version that can be read; correct it, or update the SDK.');
const UNREADABLE_CANDIDATE = 'The candidate of the service is malformed; correct it, or update the SDK.';

/** Makes a snapshot's services ready; never throws. A malformed one disables only itself; of two of one key the last counts. */
export function compileServices(services: unknown): CompiledServices {
  const compiled = new Map<string, CompiledService>();
  if (!Array.isArray(services)) return compiled;
  for (const service of services as readonly unknown[]) {
    if (isAttributes(service) && typeof service['key'] === 'string') {
      compiled.set(service['key'], compileService(service, service['key']));
    }
  }
  return compiled;
}

/**
 * Chooses for one caller. Never throws. bucket = (murmur3_x86_32(utf8(seed + value), 0) × 100 000) >> 32, and the
 * candidate gets the buckets [0, share): raising the share drops nobody, and each step moves only those it adds.
 */
export function chooseVersion(
  services: CompiledServices,
  key: string,
  context: EvaluationContext | null | undefined,
): VersionChoice {
  const service = services.get(key);
  if (service === undefined) return NOT_FOUND;
  const { candidate } = service;
  if (candidate === undefined || !isAttributes(context)) return service.byDefault;
  try {
    const text = bucketingText(readAttribute(context, candidate.bucketBy));
    if (text === undefined || text === '') return service.byDefault;
    return orderOf(hashAfter(candidate.seed, text)) < candidate.limit ? candidate.chosen : candidate.stable;
  } catch {
    return service.byDefault; // a property of the context throws
  }
}

/** The choice that an earlier service of the chain made, as far as it still is one. */
export function routedChoice(services: CompiledServices, key: string, version: string): VersionChoice | undefined {
  return services.get(key)?.routed.get(version);
}

function compileService(service: Attributes, key: string): CompiledService {
  const { stable, candidate } = service;
  if (typeof stable !== 'string' || stable === '')
    return { byDefault: MALFORMED, candidate: undefined, routed: NOTHING };
  const routed = new Map([[stable, choice(stable, 'stable', 'ROUTED')]]);
  if (candidate === undefined || candidate === null) {
    return { byDefault: choice(stable, 'stable', 'STATIC'), candidate: undefined, routed };
  }
  const compiled = compileCandidate(stable, candidate, key);
  if (compiled === undefined) {
    return { byDefault: choice(stable, 'stable', 'DEFAULT', UNREADABLE_CANDIDATE), candidate: undefined, routed };
  }
  const { version } = compiled.chosen;
  if (version !== undefined) routed.set(version, choice(version, 'candidate', 'ROUTED'));
  return { byDefault: choice(stable, 'stable', 'DEFAULT'), candidate: compiled, routed };
}

function compileCandidate(stable: string, candidate: unknown, key: string): CompiledCandidate | undefined {
  if (!isAttributes(candidate)) return undefined;
  const { version, share, bucketBy = 'targetingKey', seed = `service/${key}` } = candidate;
  const attribute = parseAttribute(bucketBy);
  if (typeof version !== 'string' || version === '' || version === stable) return undefined;
  if (typeof share !== 'number' || !Number.isInteger(share) || share < 0 || share > FULL_SHARE) return undefined;
  if (typeof seed !== 'string' || attribute === undefined) return undefined;
  return {
    bucketBy: attribute,
    seed: hashPrefix(seed, 0),
    limit: limitOf(share, FULL_SHARE),
    stable: choice(stable, 'stable', 'SPLIT'),
    chosen: choice(version, 'candidate', 'SPLIT'),
  };
}

function choice(
  version: string,
  arm: 'stable' | 'candidate',
  reason: VersionReason,
  errorMessage?: string,
): VersionChoice {
  return Object.freeze({ version, arm, reason, errorMessage });
}

function failed(errorMessage: string): VersionChoice {
  return Object.freeze({ version: undefined, arm: undefined, reason: 'ERROR', errorMessage });
}

/** What flags' splits hash too: texts, finite numbers, booleans. */
export function bucketingText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return String(value);
  return undefined;
}
