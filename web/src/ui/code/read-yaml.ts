import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { tokensOf, type TextPlace } from '../../util/locate-pointer.js';
import { type ReadDocument, readJsonDocument } from '../../util/read-document.js';
import type { Value } from '../../util/read-json.js';

/** More than this and the text is meant to fill the memory of who reads it. */
const MOST_ALIASES = 100;

/** Reads a text of JSON or YAML (1.2, core schema). What JSON has no word for, such as `.nan`, is wrong. */
export function readDocument(text: string): ReadDocument {
  return readJsonDocument(text) ?? readYaml(text);
}

function readYaml(text: string): ReadDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const placeAt = (offset: number): TextPlace => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const [error] = document.errors;
  if (error !== undefined) return { kind: 'wrong', message: error.message, place: placeAt(error.pos[0]) };
  const { contents } = document;
  if (contents === null) return { kind: 'nothing' };
  let wrong: ReadDocument | undefined;
  visit(document, {
    Scalar: (_key, { value, range }) => {
      if (typeof value !== 'number' || Number.isFinite(value)) return undefined;
      wrong = { kind: 'wrong', message: 'JSON has no such number.', place: range ? placeAt(range[0]) : undefined };
      return visit.BREAK;
    },
  });
  if (wrong !== undefined) return wrong;
  try {
    // Keys are texts and numbers are finite: what is left is JSON.
    const value = document.toJS({ maxAliasCount: MOST_ALIASES }) as Value;
    return { kind: 'value', value, placeOf: (pointer) => placeAt(offsetOf(contents, tokensOf(pointer))) };
  } catch (cause) {
    return { kind: 'wrong', message: cause instanceof Error ? cause.message : String(cause), place: undefined };
  }

  /** Of the deepest part on the way that the text has: of an entry of a map, its key. */
  function offsetOf(root: Node, wanted: readonly string[]): number {
    let node: unknown = root;
    let offset = root.range?.[0] ?? 0;
    for (const token of wanted) {
      const whole = isAlias(node) ? node.resolve(document) : node;
      const pair = isMap(whole)
        ? whole.items.find(({ key }) => isScalar(key) && String(key.value) === token)
        : undefined;
      node = isSeq(whole) ? whole.items[Number(token)] : pair?.value;
      const named = pair === undefined ? node : pair.key;
      if (!isNode(named)) break;
      offset = named.range?.[0] ?? offset;
    }
    return offset;
  }
}
