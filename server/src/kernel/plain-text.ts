/** Control characters, NUL among them, which the store refuses. */
const CONTROL = /\p{Cc}+/gu;

/**
 * What somebody outside wrote, as it can be stored, logged and sent on: well-formed Unicode on one line, of at most so
 * many UTF-16 units; what is left out shows as an ellipsis.
 */
export function plainText(text: string, maxLength: number): string {
  // One more than may stay: whether more was there is all that has to be seen of the rest.
  const seen = text.slice(0, maxLength + 1).toWellFormed();
  const line = seen.replaceAll(CONTROL, ' ');
  if (text.length <= maxLength) return line;
  // What is cut in the middle of a pair loses the half.
  return `${line.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/u, '')}…`;
}
