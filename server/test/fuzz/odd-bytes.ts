import fc, { type Arbitrary } from 'fast-check';
import { ODD_TEXTS } from './odd-values.js';

export type Bytes = Uint8Array<ArrayBuffer>;

export const utf8 = (text: string): Bytes => new TextEncoder().encode(text);

export const oddTexts = fc.constantFrom(...ODD_TEXTS);
/** Those that headers can hold. */
export const headerTexts = fc.constantFrom(...ODD_TEXTS.filter((text) => /^[\x20-\x7e]{0,2000}$/u.test(text)));
/** Those that are Unicode. */
export const wordTexts = fc.constantFrom(...ODD_TEXTS.filter((text) => text.isWellFormed()));

/** What is no message of any kind, or happens to be one. */
export const garbage: Arbitrary<Bytes> = fc.oneof(
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Uint8Array.from(bytes)),
  fc.constantFrom(
    new Uint8Array(),
    new Uint8Array([0]),
    new Uint8Array([0xff]),
    // A length beyond the end; a number that does not end; text that is not UTF-8; a group that does not end.
    new Uint8Array([0x0a, 0x7f, 1]),
    new Uint8Array(40).fill(0xff),
    new Uint8Array([0x0a, 2, 0xc3, 0x28]),
    new Uint8Array([0x0b]),
  ),
);
