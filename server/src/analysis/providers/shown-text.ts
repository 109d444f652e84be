const SHOWN = 300;

/** Text of others on one line, cut to a length that fits into a sentence. */
export function shownText(text: string, length = SHOWN): string {
  const line = text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length > length ? `${wellFormed(line.slice(0, length))}…` : line;
}

/** A text that has a UTF-8: halves of surrogate pairs become U+FFFD. */
export function wellFormed(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, '\uFFFD');
}

/** A moment for people: UTC, to the second. */
export function shownTime(at: Date): string {
  return at.toISOString().replace(/\.\d+Z$/u, 'Z');
}

/** A span for people: 90 s, 10 min, 26 h. */
export function shownSpan(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}
