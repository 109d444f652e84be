/** A date alone means its first moment in UTC; all else is left as it was said. */
export function parseInstant(text: string): string {
  return /^\d{4}-\d{2}-\d{2}$/u.test(text) ? `${text}T00:00:00Z` : text;
}
