/** RFC 3339, section 5.6, `date-time`; `T` and `Z` in either case. */
const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

const MINUTE_MS = 60_000;

/**
 * Answers the instant that a value names, in milliseconds since 1970-01-01T00:00:00Z (fractions kept), or NaN when
 * it names none. Understood are RFC 3339 text, finite numbers of epoch milliseconds, and Date.
 */
export function parseDate(value: unknown): number {
  if (typeof value === 'number') return Number.isFinite(value) ? value : NaN;
  if (typeof value === 'string') return parseDateTime(value);
  return value instanceof Date ? value.getTime() : NaN;
}

function parseDateTime(text: string): number {
  const match = DATE_TIME.exec(text);
  if (match === null) return NaN;
  const part = (index: number): number => Number(match[index] ?? 0);
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)];
  const [offsetHour, offsetMinute] = [part(9), part(10)];
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return NaN;
  if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59) return NaN;

  const offset = (match[8] === '-' ? -1 : 1) * (offsetHour * 60 + offsetMinute);
  const startOfMinute = (daysSinceEpoch(year, month, day) * 1440 + hour * 60 + minute - offset) * MINUTE_MS;
  const isLastMinuteOfDay = (((startOfMinute / MINUTE_MS) % 1440) + 1440) % 1440 === 1439;
  if (second === 60 && !isLastMinuteOfDay) return NaN; // a leap second ends a day of UTC
  return startOfMinute + second * 1000 + part(7) * 1000;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** Days from 1970-01-01 in the proleptic Gregorian calendar; H. Hinnant, chrono-compatible date algorithms, days_from_civil. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1; // the year begins in March, so that the leap day is its last
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}
