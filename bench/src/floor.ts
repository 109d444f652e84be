/**
 * The floor: the least that any evaluator must do, written by hand for this one purpose. It is no evaluator: it knows
 * no rules, no errors and no text but ASCII.
 */

/** murmur3_x86_32 of ASCII text. */
function hashAscii(text: string, seed: number): number {
  const length = text.length;
  let hash = seed;
  let i = 0;
  for (; i + 3 < length; i += 4) {
    const block =
      text.charCodeAt(i) |
      (text.charCodeAt(i + 1) << 8) |
      (text.charCodeAt(i + 2) << 16) |
      (text.charCodeAt(i + 3) << 24);
    let k = Math.imul(block, 0xcc9e2d51);
    k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
    hash ^= k;
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let shift = 0; i < length; i += 1, shift += 8) tail |= text.charCodeAt(i) << shift;
  let k = Math.imul(tail, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  hash ^= k ^ length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

export interface FloorFlag {
  readonly seed: number;
  readonly share: number;
  readonly yes: { readonly value: unknown };
  readonly no: { readonly value: unknown };
}

/** A Map look-up and one murmur3, which picks one of two ready answers. */
export function answerFloor(flags: ReadonlyMap<string, FloorFlag>, key: string, targetingKey: string): unknown {
  const flag = flags.get(key);
  if (flag === undefined) return undefined;
  const hash = hashAscii(targetingKey, flag.seed) >>> 0;
  return hash < flag.share ? flag.yes : flag.no;
}

const GERMAN_SPEAKING = new Set(['DE', 'AT', 'LI']);

/** What S2's five rules ask, as somebody would write it into the service: a look-up and five conditions. */
export function answerByHand(
  flags: ReadonlyMap<string, FloorFlag>,
  key: string,
  person: { readonly country: string; readonly plan: string; readonly email: string; readonly age: number },
): unknown {
  const flag = flags.get(key);
  if (flag === undefined) return undefined;
  const isMatch =
    GERMAN_SPEAKING.has(person.country) ||
    person.plan === 'free' ||
    person.email.endsWith('@sluice.test') ||
    person.age < 18 ||
    person.country === 'CH';
  return isMatch ? flag.yes : flag.no;
}
