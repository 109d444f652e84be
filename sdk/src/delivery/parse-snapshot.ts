import type {
  FlagType,
  JsonValue,
  Snapshot,
  SnapshotFlag,
  SnapshotPatch,
  SnapshotSegment,
} from '../evaluation/snapshot.js';

const FLAG_TYPES: ReadonlySet<unknown> = new Set<FlagType>(['boolean', 'string', 'number', 'json']);

/**
 * Reads a snapshot from JSON, frozen throughout, for its values are handed to callers. Fields it does not know are
 * kept and ignored. Throws a sentence when it is not one this SDK can use.
 */
export function parseSnapshot(json: string): Snapshot {
  const body = parseObject(json);
  if (body['schemaVersion'] !== 1) throw new Error(`schema version ${String(body['schemaVersion'])} is not known`);
  requireString(body, 'project');
  requireString(body, 'environment');
  requireRevision(body, 'revision');
  requireEach(body, 'flags', requireFlag);
  requireEach(body, 'segments', requireSegment);
  // The shape was checked as far as evaluation walks it; the evaluator meets unknown operators by itself.
  return deepFreeze(body) as unknown as Snapshot;
}

/** Reads a patch from JSON, by the same rules. */
export function parsePatch(json: string): SnapshotPatch {
  const body = parseObject(json);
  requireRevision(body, 'from');
  requireRevision(body, 'revision');
  requireEach(body, 'flags', requireFlag);
  requireEach(body, 'segments', requireSegment);
  requireEach(body, 'removedFlags', requireText);
  requireEach(body, 'removedSegments', requireText);
  // As above.
  return deepFreeze(body) as unknown as SnapshotPatch;
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

function requireString(body: JsonObject, field: string): void {
  requireText(body[field], field);
}

function requireRevision(body: JsonObject, field: string): void {
  const value = body[field];
  if (!Number.isSafeInteger(value) || Number(value) < 0) throw new Error(`${field} is not a revision`);
}

function requireEach(
  body: JsonObject,
  field: string,
  requireItem: (item: JsonValue | undefined, name: string) => void,
): void {
  const list: unknown = body[field];
  if (!Array.isArray(list)) throw new Error(`${field} is not a list`);
  const name = `an item of ${field}`;
  for (const item of list) requireItem(item, name);
}

function requireFlag(value: JsonValue | undefined, name: string): void {
  const flag = requireObject(value, name);
  requireString(flag, 'key' satisfies keyof SnapshotFlag);
  if (!FLAG_TYPES.has(flag['type'])) throw new Error(`${name} has the unknown type ${String(flag['type'])}`);
  if (typeof flag['on'] !== 'boolean') throw new Error(`${name} is neither on nor off`);
  for (const field of ['variations', 'targets', 'rules', 'prerequisites'] satisfies (keyof SnapshotFlag)[]) {
    requireEach(flag, field, requireObject);
  }
}

function requireSegment(value: JsonValue | undefined, name: string): void {
  const segment = requireObject(value, name);
  requireString(segment, 'key' satisfies keyof SnapshotSegment);
  requireEach(segment, 'included', requireText);
  requireEach(segment, 'excluded', requireText);
  requireEach(segment, 'rules', requireObject);
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  const parts: unknown[] = Object.values(value);
  for (const part of parts) deepFreeze(part);
  return Object.freeze(value);
}
