const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** In which zone absolute times are told. */
export type Zone = 'utc' | 'local';

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number, number])[] = [
  ['second', SECOND, MINUTE],
  ['minute', MINUTE, HOUR],
  ['hour', HOUR, DAY],
  ['day', DAY, 30 * DAY],
  ['month', 30 * DAY, 365 * DAY],
  ['year', 365 * DAY, Infinity],
];
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' });

/** How long ago or ahead: `12 minutes ago`, `in 3 days`; `just now` within 5 s. */
export function formatRelative(at: Date, now: Date): string {
  const away = at.getTime() - now.getTime();
  const size = Math.abs(away);
  if (size < 5 * SECOND) return 'just now';
  // The last step takes whatever is left.
  const [unit, length] = steps.find(([, , below]) => size < below) ?? ['year', 365 * DAY];
  return relative.format(Math.sign(away) * Math.floor(size / length), unit);
}

/** A duration in its two largest units: `2 h 5 min`, `40 s`. */
export function formatDuration(milliseconds: number): string {
  const units: readonly (readonly [string, number])[] = [
    ['d', DAY],
    ['h', HOUR],
    ['min', MINUTE],
    ['s', SECOND],
  ];
  const largest = units.findIndex(([, length]) => milliseconds >= length);
  if (largest === -1) return `${Math.round(milliseconds)} ms`;
  let rest = milliseconds;
  const parts = units.slice(largest, largest + 2).map(([unit, length]) => {
    const count = Math.floor(rest / length);
    rest -= count * length;
    return [count, unit] as const;
  });
  return parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

/** The exact moment, with its zone: `2026-11-21 14:03:05 UTC`. */
export function formatAbsolute(at: Date, zone: Zone): string {
  const format = new Intl.DateTimeFormat('sv-SE', {
    ...(zone === 'utc' && { timeZone: 'UTC' }),
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  });
  return format.format(at);
}

/** When a relative time should be told anew: soon while it is young. */
export function nextTellingMs(at: Date, now: Date): number {
  const age = Math.abs(now.getTime() - at.getTime());
  if (age < MINUTE) return SECOND;
  return age < HOUR ? 15 * SECOND : 5 * MINUTE;
}
