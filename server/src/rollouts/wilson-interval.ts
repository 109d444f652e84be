/** Of the standard normal distribution: 95 % lie within so many deviations. */
export const Z_95 = 1.959963984540054;

/** How often something happened, and the 95 % interval of its chance. */
export interface Frequency {
  readonly count: number;
  readonly of: number;
  /** 0 where nothing was tried. */
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

/** A frequency with the score interval of its chance. Source: Wilson, JASA 22, 1927. */
export function frequencyOf(count: number, of: number): Frequency {
  if (of === 0) return { count, of, rate: 0, low: 0, high: 1 };
  const rate = count / of;
  const weight = 1 + Z_95 ** 2 / of;
  const center = (rate + Z_95 ** 2 / (2 * of)) / weight;
  const half = (Z_95 * Math.sqrt((rate * (1 - rate)) / of + Z_95 ** 2 / (4 * of ** 2))) / weight;
  return {
    count,
    of,
    rate,
    low: count === 0 ? 0 : Math.max(0, center - half),
    high: count === of ? 1 : Math.min(1, center + half),
  };
}
