const MINUTE_MS = 60_000;

/** What was compared within a minute, which is an RFC 3339 text. */
export interface ComparedMinute {
  readonly minute: string;
  readonly n: number;
  readonly x: number;
}

/** What a chart of them draws; where nothing was compared a rate is not known, and null. */
export interface MinuteLines {
  /** Milliseconds since 1970, evenly apart. */
  readonly times: readonly number[];
  readonly compared: readonly number[];
  readonly rate: readonly (number | null)[];
}

/** Minutes summed into stretches of `minutesApart`, the last of them the one that is under way. */
export function minuteLines(
  minutes: readonly ComparedMinute[],
  { now, span, minutesApart }: { readonly now: Date; readonly span: number; readonly minutesApart: number },
): MinuteLines {
  const step = minutesApart * MINUTE_MS;
  const last = Math.floor(now.getTime() / step) * step;
  const count = Math.ceil(span / minutesApart);
  const first = last - (count - 1) * step;
  const sums = Array.from({ length: count }, () => ({ n: 0, x: 0 }));
  for (const { minute, n, x } of minutes) {
    const sum = sums[Math.floor((Date.parse(minute) - first) / step)];
    if (sum === undefined) continue;
    sum.n += n;
    sum.x += x;
  }
  return {
    times: sums.map((_sum, at) => first + at * step),
    compared: sums.map(({ n }) => n),
    rate: sums.map(({ n, x }) => (n === 0 ? null : x / n)),
  };
}
