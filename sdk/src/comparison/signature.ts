import { hashAfter, hashPrefix } from '../evaluation/murmur3.js';
import { type Signature, SIGNATURE_PLACE_LIMIT, type SignaturePlace } from './difference.js';

/** Two independent halves of an id, arbitrary but for ever: ids are stored. */
const HALVES = { first: hashPrefix('', 0x51a1ce01), second: hashPrefix('', 0x7e57ed02) } as const;

/** Answers which fault the differences show. The same places, in any order and however often, have the same signature. */
export function signatureOf(differences: readonly SignaturePlace[]): Signature {
  const byName = new Map<string, SignaturePlace>();
  for (const { path, kind, transition } of differences) {
    byName.set(`${path}\t${kind}\t${transition}`, { path, kind, transition });
  }
  const all = [...byName].sort(([one], [other]) => (one < other ? -1 : 1));
  const told = all.slice(0, SIGNATURE_PLACE_LIMIT);
  return {
    id: digestOf(told.map(([name]) => name).join('\n')),
    places: told.map(([, place]) => place),
    isCut: all.length > told.length,
  };
}

/** 16 hexadecimal digits, the same in every process. Keeps nothing secret. */
export function digestOf(text: string): string {
  return eightDigits(hashAfter(HALVES.first, text)) + eightDigits(hashAfter(HALVES.second, text));
}

function eightDigits(hash: number): string {
  return digitsOf(hash >>> 24) + digitsOf((hash >>> 16) & 0xff) + digitsOf((hash >>> 8) & 0xff) + digitsOf(hash & 0xff);
}

function digitsOf(byte: number): string {
  return BYTES[byte] ?? '';
}

/** Of each byte its two digits: a hundredth of what the platform takes for a number of 32 bits. */
const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
