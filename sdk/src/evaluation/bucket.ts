import { hashAfter, hashPrefix } from './murmur3.js';

/** The largest sum of shares a split may have, as in flagd. */
export const MAX_TOTAL_WEIGHT = 2_147_483_647;

/** Below this weight, hash × weight is below 2^53 and therefore exact. */
const EXACT_WEIGHT = 0x20_0000;

/**
 * Answers which of `totalWeight` equal buckets a value falls into: an integer from 0 to totalWeight − 1.
 * bucket = (murmur3_x86_32(utf8(seed + value), 0) × totalWeight) >> 32, as flagd's `fractional`.
 * A totalWeight that is no integer from 1 to MAX_TOTAL_WEIGHT has no buckets: 0.
 */
export function bucketOf(seed: string, value: string, totalWeight: number): number {
  if (!Number.isInteger(totalWeight) || totalWeight < 1 || totalWeight > MAX_TOTAL_WEIGHT) return 0;
  return scaleHash(hashAfter(hashPrefix(seed, 0), value), totalWeight);
}

/**
 * Answers how far, in hashes, the buckets below `bound` reach: `orderOf(hash) < limitOf(bound, totalWeight)` says the
 * same as `scaleHash(hash, totalWeight) < bound`, with one comparison of integers per evaluation and no arithmetic.
 * floor(h·W / 2^32) < b  ⇔  h·W < b·2^32  ⇔  h < ⌈b·2^32 / W⌉. For a bound of at most totalWeight.
 */
export function limitOf(bound: number, totalWeight: number): number {
  // Exact: the quotient is a whole number or at least 1 / totalWeight from one, which is more than it is rounded by.
  if (totalWeight <= EXACT_WEIGHT) return Math.ceil((bound * 0x1_0000_0000) / totalWeight) - 0x8000_0000;
  const weight = BigInt(totalWeight);
  const limit = ((BigInt(bound) << 32n) + weight - 1n) / weight;
  return Number(limit) - 0x8000_0000;
}

/** Answers a signed 32-bit integer that orders hashes as their unsigned values do. */
export function orderOf(hash: number): number {
  return hash ^ 0x8000_0000;
}

/**
 * Answers (unsigned hash × totalWeight) >> 32 exactly, without BigInt; the hash may come signed.
 * Above 21 bits of weight, in two halves of 16 bits: floor(floor(x / 2^16) / 2^16) = floor(x / 2^32), and
 * neither product needs more than 48 bits.
 */
export function scaleHash(hash: number, totalWeight: number): number {
  const unsigned = hash >>> 0;
  if (totalWeight <= EXACT_WEIGHT) return Math.floor((unsigned * totalWeight) / 0x1_0000_0000);
  const high = unsigned * (totalWeight >>> 16);
  const low = unsigned * (totalWeight & 0xffff);
  return Math.floor((high + Math.floor(low / 0x1_0000)) / 0x1_0000);
}
