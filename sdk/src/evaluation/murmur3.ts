/** The state of a murmur3_x86_32 hash after a constant prefix, so that hashing what follows builds no string. */
export interface HashPrefix {
  readonly text: string;
  readonly seed: number;
  /** The hash of all whole blocks of four bytes, a signed 32-bit integer. */
  readonly hash: number;
  /** The bytes after the last whole block, little endian, and how many bits they take (0, 8, 16 or 24). */
  readonly pending: number;
  readonly pendingBits: number;
  /** Bytes in the prefix. */
  readonly byteLength: number;
}

/**
 * Hashes the UTF-8 bytes of a text to an unsigned 32-bit integer. Lone surrogates count as U+FFFD, as TextEncoder
 * has it. Source: MurmurHash3_x86_32 of https://github.com/aappleby/smhasher (public domain).
 */
export function murmur3(text: string, seed: number): number {
  return hashAfter(hashPrefix('', seed), text) >>> 0;
}

/** Prepares to hash texts that begin with `text`; `seed` is taken as a 32-bit integer. */
export function hashPrefix(text: string, seed: number): HashPrefix {
  const bytes = encodeUtf8(text);
  const wholeBlocks = bytes.length & ~3;
  let hash = seed | 0;
  for (let i = 0; i < wholeBlocks; i += 4) {
    hash = mixBlock(
      hash,
      byteAt(bytes, i, 0) | byteAt(bytes, i + 1, 8) | byteAt(bytes, i + 2, 16) | byteAt(bytes, i + 3, 24),
    );
  }
  let pending = 0;
  for (let i = wholeBlocks; i < bytes.length; i += 1) pending |= byteAt(bytes, i, (i & 3) * 8);
  return { text, seed, hash, pending, pendingBits: (bytes.length & 3) * 8, byteLength: bytes.length };
}

/**
 * Answers murmur3(prefix + text) as a signed 32-bit integer (`>>> 0` makes it unsigned; signed, V8 needs no heap
 * number for it). ASCII text is hashed as it is read; other text is encoded first.
 * The prefix rarely ends where a block does: each four bytes read are split over two blocks by `shift`. Shifting right
 * by 1 and then by 31 − shift is shifting by 32 − shift, also where that is 32, which JavaScript takes for 0.
 * `mixBlock` is written out in the loop: where this is inlined, an engine may have no room left for it.
 */
export function hashAfter(prefix: HashPrefix, text: string): number {
  const length = text.length;
  const shift = prefix.pendingBits;
  let hash = prefix.hash;
  let pending = prefix.pending;
  let seen = 0;
  let i = 0;
  for (; i + 3 < length; i += 4) {
    const a = text.charCodeAt(i);
    const b = text.charCodeAt(i + 1);
    const c = text.charCodeAt(i + 2);
    const d = text.charCodeAt(i + 3);
    seen |= a | b | c | d;
    const word = a | (b << 8) | (c << 16) | (d << 24);
    let block = Math.imul(pending | (word << shift), 0xcc9e2d51);
    block = Math.imul((block << 15) | (block >>> 17), 0x1b873593);
    hash ^= block;
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
    pending = (word >>> 1) >>> (31 - shift);
  }
  let rest = 0;
  let restBits = 0;
  for (; i < length; i += 1, restBits += 8) {
    const code = text.charCodeAt(i);
    seen |= code;
    rest |= code << restBits;
  }
  if (seen > 0x7f) return hashEncoded(prefix.text + text, prefix.seed);

  let last = pending | (rest << shift);
  if (shift + restBits >= 32) {
    hash = mixBlock(hash, last);
    last = (rest >>> 1) >>> (31 - shift);
  }
  return finish(hash, last, prefix.byteLength + length);
}

function hashEncoded(text: string, seed: number): number {
  const whole = hashPrefix(text, seed);
  return finish(whole.hash, whole.pending, whole.byteLength);
}

function mixBlock(hash: number, block: number): number {
  const mixed = hash ^ scramble(block);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function scramble(block: number): number {
  const product = Math.imul(block, 0xcc9e2d51);
  return Math.imul((product << 15) | (product >>> 17), 0x1b873593);
}

/** An empty last block scrambles to 0 and so changes nothing: no case for it. */
function finish(hash: number, lastBlock: number, byteLength: number): number {
  let mixed = hash ^ scramble(lastBlock) ^ byteLength;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

function byteAt(bytes: readonly number[], index: number, shift: number): number {
  return (bytes[index] ?? 0) << shift;
}

/** UTF-8 as the Encoding Standard's encoder has it; here because TextEncoder is not part of the language. */
function encodeUtf8(text: string): readonly number[] {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i += 1) {
    const raw = text.codePointAt(i) ?? 0;
    if (raw > 0xffff) i += 1;
    const point = raw >= 0xd800 && raw <= 0xdfff ? 0xfffd : raw;
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), 0x80 | (point & 0x3f));
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f));
    else {
      bytes.push(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 0x3f));
      bytes.push(0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f));
    }
  }
  return bytes;
}
