/** A place in a text, both from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/**
 * Where in a text of JSON begins what a pointer (RFC 6901) names; where the text does not have it, the nearest around it
 * that it has.
 */
export function placeOfPointer(json: string, pointer: string): TextPlace {
  const before = json.slice(0, offsetOf(json, tokensOf(pointer))).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

/** The names that a JSON pointer leads through. */
export function tokensOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/gu;

interface Level {
  readonly isList: boolean;
  /** The key, or the index as text. */
  name: string;
}

/** Goes through tokens of valid JSON, and notes where the deepest value begins whose path begins the wanted one. */
function offsetOf(json: string, wanted: readonly string[]): number {
  const levels: Level[] = [];
  let best = { depth: -1, at: 0 };
  let isKey = false;
  for (const { 0: token, index } of json.matchAll(TOKEN)) {
    const level = levels.at(-1);
    if (token === ':') isKey = false;
    else if (token === ',') {
      if (level?.isList === true) level.name = String(Number(level.name) + 1);
      else isKey = true;
    } else if (token === '}' || token === ']') {
      levels.pop();
      isKey = false;
    } else if (isKey && level !== undefined) {
      level.name = String(JSON.parse(token));
    } else {
      const depth = levels.length;
      const isOnTheWay = depth <= wanted.length && levels.every(({ name }, at) => name === wanted[at]);
      if (isOnTheWay && depth > best.depth) best = { depth, at: index };
      if (token === '{' || token === '[') {
        levels.push({ isList: token === '[', name: token === '[' ? '0' : '' });
        isKey = token === '{';
      }
    }
  }
  return best.at;
}
