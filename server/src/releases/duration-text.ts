const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A span of time as people say it, in its two largest units: `45 s`, `12 min`, `1 h 5 min`, `3 d 2 h`. */
export function durationText(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1_000));
  if (seconds < MINUTE) return `${seconds} s`;
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min`;
  const [unit, large, lesser, small] = seconds < DAY ? [HOUR, 'h', MINUTE, 'min'] : [DAY, 'd', HOUR, 'h'];
  const rest = Math.floor((seconds % unit) / lesser);
  const whole = `${Math.floor(seconds / unit)} ${large}`;
  return rest === 0 ? whole : `${whole} ${rest} ${small}`;
}
