/** A minus as typographers set it. */
const MINUS = '−';
const PER_POINT = 100;

const rough = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 });
const plain = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const percent = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** A measured value to three figures: `0.0123`, `1,230`. */
export function formatFigure(value: number): string {
  return signed(value, plain.format(Math.abs(value)));
}

/** Evidence, a natural logarithm, as verdicts tell it: to a tenth. */
export function formatEvidence(value: number): string {
  return signed(value, String(Math.round(Math.abs(value) * 10) / 10));
}

/** Milliseconds as a time people grasp: `0.8 ms`, `340 ms`, `2.1 s`. */
export function formatMs(ms: number): string {
  return ms < 1_000 ? `${plain.format(ms)} ms` : `${plain.format(ms / 1_000)} s`;
}

/** How much more or less, of rates in points of a percent, of means in the unit of the value: `+0.41 pp`, `−12.3`. */
export function formatDifference(kind: 'rate' | 'mean', absolute: number): string {
  if (kind === 'mean') return `${sign(absolute)}${plain.format(Math.abs(absolute))}`;
  return `${sign(absolute)}${rough.format(Math.abs(absolute * PER_POINT))} pp`;
}

/** A part of one as percents with their sign: `+18 %`, `−0.4 %`. */
export function formatRelative100(part: number): string {
  const value = part * 100;
  const size = Math.abs(value);
  return `${sign(value)}${(size < 10 ? plain : percent).format(size)} %`;
}

function signed(value: number, size: string): string {
  return value < 0 && size !== '0' ? `${MINUS}${size}` : size;
}

function sign(value: number): string {
  if (value === 0) return '±';
  return value < 0 ? MINUS : '+';
}
