const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/iu;
const SPECIAL = new Map([
  ['nan', NaN],
  ['inf', Infinity],
  ['infinity', Infinity],
]);

/**
 * Reads a number as Go and most others print it: decimal, NaN, ±Inf. Undefined for anything else, also for what
 * `Number` would let through: empty text, blanks, hexadecimal.
 */
export function decimalNumber(text: string): number | undefined {
  if (DECIMAL.test(text)) return Number(text);
  const [, sign = '', word = ''] = /^([+-]?)(\w+)$/u.exec(text) ?? [];
  const special = SPECIAL.get(word.toLowerCase());
  return special !== undefined && sign === '-' ? -special : special;
}
