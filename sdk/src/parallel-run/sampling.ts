import { limitOf, orderOf } from '../evaluation/bucket.js';
import { bucketingText } from '../evaluation/choose-version.js';
import { hashAfter, hashPrefix, type HashPrefix } from '../evaluation/murmur3.js';
import { isAttributes, parseAttribute, readAttribute, type AttributePath } from '../evaluation/read-attribute.js';
import { FULL_SHARE } from '../evaluation/snapshot.js';
import type { ParallelRunSettings } from './settings.js';

/** How a run's calls are sampled, made ready. */
export interface Sampler {
  readonly share: number;
  readonly bucketBy: AttributePath;
  readonly seed: HashPrefix;
  /** Hashes below it are sampled. */
  readonly limit: number;
}

/** Makes the sampling of a run ready; undefined where what it hashes by cannot be read. */
export function compileSampler(settings: ParallelRunSettings): Sampler | undefined {
  const { key, share, bucketBy = 'targetingKey', seed = `parallel-run/${key}` } = settings;
  const attribute = parseAttribute(bucketBy);
  if (attribute === undefined) return undefined;
  return { share, bucketBy: attribute, seed: hashPrefix(seed, 0), limit: limitOf(share, FULL_SHARE) };
}

/** The text that a caller is sampled by; undefined for callers who have none. A context's getters may throw. */
export function samplingText(sampler: Sampler, context: unknown): string | undefined {
  if (!isAttributes(context)) return undefined;
  const text = bucketingText(readAttribute(context, sampler.bucketBy));
  return text === '' ? undefined : text;
}

/**
 * Whether a call is sampled: by its caller's bucket, of [0, share), so that raising the share drops nobody; without a
 * text by chance, `random` being from 0 to 1.
 */
export function isSampled(sampler: Sampler, text: string | undefined, random: () => number): boolean {
  if (sampler.share >= FULL_SHARE) return true;
  if (sampler.share <= 0) return false;
  if (text === undefined) return random() * FULL_SHARE < sampler.share;
  return orderOf(hashAfter(sampler.seed, text)) < sampler.limit;
}
