import { snapshotOf } from './flag-source.js';
import type { JsonValue, Snapshot, SnapshotPatch } from './snapshot.js';
import { splitFlags } from './split-flags.js';

/**
 * Reads a snapshot from JSON. Throws a sentence when it is not one. What a single flag or segment holds is not looked
 * at here: the evaluator lets one it cannot read disable only itself, so that a later server's news harms no other. The
 * flags of a text as `formatSnapshot` writes it stay text until they are asked for; one that then turns out to be no JSON
 * is such a flag too, while any other text that is not all JSON is refused whole.
 */
export function parseSnapshot(json: string): Snapshot {
  const split = splitFlags(json);
  if (split === undefined) return requireSnapshot(parseObject(json));
  // Checked but for the flags, each of which has a key.
  const { flags: _none, ...rest } = requireSnapshot({ ...split.rest, flags: [] });
  return snapshotOf({ rest, flags: split.flags });
}

function requireSnapshot(body: JsonObject): Snapshot {
  if (body['schemaVersion'] !== 1)
    throw new Error(`schema version ${JSON.stringify(body['schemaVersion'])} is not known`);
  requireText(body['project'], 'project');
  requireText(body['environment'], 'environment');
  requireRevision(body, 'revision');
  requireKeyed(body, 'flags');
  requireKeyed(body, 'segments');
  // Checked as far as anybody relies on it; see above for the rest.
  return body as unknown as Snapshot;
}

/** Reads a patch from JSON, by the same rules. */
export function parsePatch(json: string): SnapshotPatch {
  const body = parseObject(json);
  requireRevision(body, 'from');
  requireRevision(body, 'revision');
  requireKeyed(body, 'flags');
  requireKeyed(body, 'segments');
  requireEach(body, 'removedFlags', requireText);
  requireEach(body, 'removedSegments', requireText);
  // As above.
  return body as unknown as SnapshotPatch;
}

type JsonObject = { readonly [key: string]: JsonValue | undefined };

function parseObject(json: string): JsonObject {
  let body: JsonValue;
  try {
    // JSON.parse returns JSON.
    body = JSON.parse(json) as JsonValue;
  } catch {
    throw new Error('it is not JSON');
  }
  return requireObject(body, 'it');
}

function requireObject(value: JsonValue | undefined, name: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${name} is not an object`);
  // Array.isArray does not narrow a readonly array away.
  return value as JsonObject;
}

function requireText(value: JsonValue | undefined, name: string): void {
  if (typeof value !== 'string') throw new Error(`${name} is not a string`);
}

function requireRevision(body: JsonObject, field: string): void {
  const value = body[field];
  if (!Number.isSafeInteger(value) || Number(value) < 0) throw new Error(`${field} is not a revision`);
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function requireKeyed(body: JsonObject, field: string): void {
  requireEach(body, field, (item, name) => requireText(requireObject(item, name)['key'], `the key of ${name}`));
}

function requireEach(
  body: JsonObject,
  field: string,
  requireItem: (item: JsonValue | undefined, name: string) => void,
): void {
  const list = body[field];
  if (!isList(list)) throw new Error(`${field} is not a list`);
  const name = `an item of ${field}`;
  for (const item of list) requireItem(item, name);
}
