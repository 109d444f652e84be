import { type FreezeWindow, type Weekday, WEEKDAYS } from './policy.js';

/** A freeze that holds now, and when it ends. */
export interface Freeze {
  readonly name: string;
  readonly until: Date;
}

/** Freezes are looked for this far ahead; one that goes on for longer has no known end before. */
const HORIZON_DAYS = 14;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** The freeze that holds at a moment and when raising is next allowed, windows that touch taken as one; or undefined. */
export function freezeAt(windows: readonly FreezeWindow[], now: Date): Freeze | undefined {
  const first = covering(windows, now);
  if (first === undefined) return undefined;
  let end = first;
  const horizon = now.getTime() + HORIZON_DAYS * DAY_MS;
  while (end.until.getTime() < horizon) {
    const next = covering(windows, end.until);
    if (next === undefined || next.until <= end.until) break;
    end = next;
  }
  return { name: first.name, until: end.until };
}

function covering(windows: readonly FreezeWindow[], at: Date): Freeze | undefined {
  let longest: Freeze | undefined;
  for (const window of windows) {
    const until = 'starts' in window ? absoluteEnd(window, at) : weeklyEnd(window, at);
    if (until !== undefined && (longest === undefined || until > longest.until)) longest = { name: window.name, until };
  }
  return longest;
}

function absoluteEnd({ starts, ends }: { starts: string; ends: string }, at: Date): Date | undefined {
  const [start, end] = [new Date(starts), new Date(ends)];
  return start <= at && at < end ? end : undefined;
}

type WeeklyWindow = Extract<FreezeWindow, { readonly days: readonly Weekday[] }>;

function weeklyEnd(window: WeeklyWindow, at: Date): Date | undefined {
  const local = localTime(window.timeZone, at);
  const [from, to] = [minutesOf(window.from), minutesOf(window.to)];
  const isOvernight = to <= from;
  const begins = (daysAgo: number): boolean => {
    const day = WEEKDAYS[(local.weekday - daysAgo + 7) % 7];
    return day !== undefined && window.days.includes(day);
  };
  const today = begins(0) && local.minutes >= from && (isOvernight || local.minutes < to);
  if (today) return endAfter(window, at, isOvernight ? 1 : 0);
  return isOvernight && begins(1) && local.minutes < to ? endAfter(window, at, 0) : undefined;
}

/** The instant at which the wall clock shows the window's end, so many days on; right across changes of the clock. */
function endAfter({ timeZone, to }: WeeklyWindow, at: Date, days: number): Date {
  const local = localTime(timeZone, at);
  const wall = Date.UTC(local.year, local.month - 1, local.day + days, 0, minutesOf(to));
  // The offset at the guess may differ from the one at the answer: settle it once more.
  const guess = wall - offsetMs(timeZone, new Date(wall));
  return new Date(wall - offsetMs(timeZone, new Date(guess)));
}

function offsetMs(timeZone: string, at: Date): number {
  const { year, month, day, minutes } = localTime(timeZone, at);
  return Date.UTC(year, month - 1, day, 0, minutes) - Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS;
}

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
}

interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** 0 is Monday. */
  readonly weekday: number;
  /** Since midnight, by the wall clock. */
  readonly minutes: number;
}

function localTime(timeZone: string, at: Date): LocalTime {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((each) => each.type === type)?.value ?? '';
  return {
    year: Number(part('year')),
    month: Number(part('month')),
    day: Number(part('day')),
    weekday: WEEKDAYS.findIndex((day) => day === part('weekday').toLowerCase()),
    minutes: Number(part('hour')) * 60 + Number(part('minute')),
  };
}

/** Whether this process knows a time zone by that name. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
