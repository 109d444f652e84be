/**
 * The header that keeps a caller's versions along a chain of services: `sluice-version: checkout=v2,cart=v7`. Keys and
 * versions are percent-encoded (RFC 3986), entries separated by commas, white space around them is nothing.
 */
export const ROUTING_HEADER = 'sluice-version';

/** More than a chain of services has; what comes on top is ignored. */
const ENTRY_LIMIT = 50;
const LENGTH_LIMIT = 4_096;

/** Versions by service key; of two for one service the first counts. What cannot be read is left out. */
export function parseRouting(header: string | readonly string[] | undefined): ReadonlyMap<string, string> | undefined {
  const text = Array.isArray(header) ? header.join(',') : header;
  if (typeof text !== 'string' || text === '' || text.length > LENGTH_LIMIT) return undefined;
  const routes = new Map<string, string>();
  for (const entry of text.split(',', ENTRY_LIMIT)) {
    const [key, version, ...rest] = entry.split('=').map((part) => decode(part.trim()));
    if (key && version && rest.length === 0 && !routes.has(key)) routes.set(key, version);
  }
  return routes.size > 0 ? routes : undefined;
}

/** The header of these versions by service key; undefined for none. */
export function formatRouting(routes: ReadonlyMap<string, string>): string | undefined {
  const entries = Array.from(routes, ([key, version]) => entryOf(key, version)).filter((entry) => entry !== undefined);
  return entries.length === 0 ? undefined : entries.join(',');
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Undefined for text that has no UTF-8, and so no encoding. */
function entryOf(key: string, version: string): string | undefined {
  try {
    return `${encodeURIComponent(key)}=${encodeURIComponent(version)}`;
  } catch {
    return undefined;
  }
}
