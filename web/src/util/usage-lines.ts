const HOUR_MS = 3_600_000;
/** Lines that are told apart at a glance; what is beyond is summed up. */
const MOST = 3;

/** Evaluations that came to one variation within an hour, which is an RFC 3339 text. */
export interface UsageHour {
  readonly hour: string;
  /** Null where callers used their own default. */
  readonly variation: string | null;
  readonly count: number;
}

/** What a chart of usage draws: a value for every time, 0 where nothing was reported. */
export interface UsageLines {
  /** Milliseconds since 1970, evenly apart. */
  readonly times: readonly number[];
  readonly lines: readonly { readonly label: string; readonly values: readonly number[] }[];
}

/**
 * Usage as lines, the busiest variation first; quiet variations are one line where there are more than three.
 * `hoursApart` hours are summed into one value; the last value is of now, and may be of a part of its time.
 */
export function usageLines(
  usage: readonly UsageHour[],
  span: { readonly now: Date; readonly hours: number; readonly hoursApart: number },
  labels: { readonly callersDefault: string; readonly others: string },
): UsageLines {
  const step = span.hoursApart * HOUR_MS;
  const last = Math.floor(span.now.getTime() / step) * step;
  const times = Array.from({ length: Math.ceil(span.hours / span.hoursApart) }, (_, at) => last - at * step).reverse();
  const first = times[0] ?? last;
  const known = usage.filter(({ hour }) => Date.parse(hour) >= first);
  const sums = new Map<string | null, number>();
  for (const { variation, count } of known) sums.set(variation, (sums.get(variation) ?? 0) + count);
  const ranked = [...sums.keys()].toSorted((one, other) => (sums.get(other) ?? 0) - (sums.get(one) ?? 0));
  const own = ranked.length <= MOST ? ranked : ranked.slice(0, MOST - 1);
  const valuesOf = (isAsked: (variation: string | null) => boolean): readonly number[] => {
    const values = times.map(() => 0);
    for (const { hour, variation, count } of known) {
      const at = Math.floor((Date.parse(hour) - first) / step);
      if (isAsked(variation) && at < values.length) values[at] = (values[at] ?? 0) + count;
    }
    return values;
  };
  const lines = own.map((variation) => ({
    label: variation ?? labels.callersDefault,
    values: valuesOf((each) => each === variation),
  }));
  if (own.length === ranked.length) return { times, lines };
  return { times, lines: [...lines, { label: labels.others, values: valuesOf((each) => !own.includes(each)) }] };
}
