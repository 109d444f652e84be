import { createHash } from 'node:crypto';

/** What an answer depends on, as far as evidence goes: repeats of it are none. Leaves the process as a hash alone. */
export interface ComparisonInput {
  readonly method: string;
  readonly path: string;
  /** By name, in no order; of several of a name, all in theirs. */
  readonly query: Readonly<Record<string, readonly string[]>>;
  /** SHA-256; undefined without a body. */
  readonly body: string | undefined;
}

/** The input of a request of this method, path with query, and body. */
export function inputOf(method: string, path: string, body: readonly Uint8Array[] | undefined): ComparisonInput {
  const at = path.indexOf('?');
  if (at < 0) return { method, path, query: {}, body: digestOf(body) };
  const query = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(path.slice(at + 1))) {
    const values = query.get(name);
    if (values === undefined) query.set(name, [value]);
    else values.push(value);
  }
  return { method, path: path.slice(0, at), query: Object.fromEntries(query), body: digestOf(body) };
}

function digestOf(body: readonly Uint8Array[] | undefined): string | undefined {
  if (body === undefined) return undefined;
  const hash = createHash('sha256');
  for (const chunk of body) hash.update(chunk);
  return hash.digest('hex');
}
