/** Makes the keys of digests: 32 random bytes, hexadecimal. */
export abstract class DigestKeys {
  abstract next(): string;
}
