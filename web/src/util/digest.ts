const SHORT = 12;

/** The first figures of a digest, enough to tell builds apart by eye: `9f86d081884c`. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/u, '').slice(0, SHORT);
}
