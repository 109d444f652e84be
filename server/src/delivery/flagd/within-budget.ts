import type { ExportedFlag } from './export-flag.js';
import type { Logic } from './json-logic.js';
import { extentOf } from './references.js';

/** Four times what most clients of gRPC take unless they are told otherwise. */
export const MOST_DOCUMENT_BYTES = 16 * 1024 * 1024;

/** Keys of flags that fit into one document, with what they refer to: when all are too long together, the shortest. */
export function withinBudget(
  flags: ReadonlyMap<string, ExportedFlag>,
  mostBytes = MOST_DOCUMENT_BYTES,
): ReadonlySet<string> {
  const needs = [...flags].map(([key, { extent }]) => {
    const evaluators = [...extent.references].map(([name, meaning]) => ({ name, bytes: bytesOf(name, meaning) }));
    const own = bytesOf(key, null) + extent.bytes;
    return { key, own, evaluators, all: evaluators.reduce((sum, { bytes }) => sum + bytes, own) };
  });
  const kept = new Set<string>();
  const there = new Set<string>();
  let left = mostBytes;
  for (const { key, own, evaluators } of needs.sort((one, other) => one.all - other.all)) {
    const lacking = evaluators.filter(({ name }) => !there.has(name));
    const cost = lacking.reduce((sum, { bytes }) => sum + bytes, own);
    if (cost > left) continue;
    left -= cost;
    kept.add(key);
    for (const { name } of lacking) there.add(name);
  }
  return kept;
}

/** Of a property and the comma after it. */
function bytesOf(name: string, value: Logic): number {
  return extentOf(name).bytes + 1 + extentOf(value).bytes + 1;
}
