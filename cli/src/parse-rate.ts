/**
 * Reads `0.1%` as 0.001, to the last digit. The sign must be said: 0.1 alone could mean a tenth, or one of a thousand.
 * Undefined for anything else.
 */
export function parseRate(text: string): number | undefined {
  const [, percent] = /^(\d+(?:\.\d+)?)\s*%$/u.exec(text.trim()) ?? [];
  // The decimal point is moved as text: 0.7 / 100 is not 0.007.
  return percent === undefined ? undefined : Number(`${percent}e-2`);
}
