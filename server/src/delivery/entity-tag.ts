const ENTITY_TAGS = /(?:W\/)?("[\x21\x23-\x7e\x80-\xff]*")/gu;

/** Tells whether `If-None-Match` (RFC 9110, 13.1.2: a list or `*`, compared weakly) names a strong entity tag. */
export function isNoneMatch(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*' || header === etag) return true;
  return [...header.matchAll(ENTITY_TAGS)].some(([, opaque]) => opaque === etag);
}
