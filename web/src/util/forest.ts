/** What a forest plot draws: a difference, and the interval around it where there is one. */
export interface Compared {
  readonly absolute: number;
  readonly interval: { readonly low: number; readonly high: number } | null;
}

/** Where it is drawn, from 0 to 1 of the width; `none` is where there is no difference. */
export interface Forest {
  readonly none: number;
  readonly point: number;
  readonly low: number;
  readonly high: number;
}

const HALF = 0.5;
/** Left free at both ends. */
const MARGIN = 0.06;

/** No difference is in the middle, so that to which side it falls is seen before any number is read. */
export function forestOf({ absolute, interval }: Compared): Forest {
  const { low, high } = interval ?? { low: absolute, high: absolute };
  const reach = Math.max(Math.abs(low), Math.abs(high), Math.abs(absolute));
  const place = (value: number): number => (reach === 0 ? HALF : HALF + (value / reach) * (HALF - MARGIN));
  return { none: HALF, point: place(absolute), low: place(low), high: place(high) };
}
