/** The whole of an exposure: 100 %. Shares are integers of thousandths of a percent. */
export const FULL_SHARE = 100_000;
const PER_PERCENT = 1_000;

const exact = new Intl.NumberFormat('en', { maximumFractionDigits: 3 });

/** A share as people read it: `12.5 %`, exact to what a share can be. */
export function formatShare(share: number): string {
  return `${exact.format(share / PER_PERCENT)} %`;
}

/** Reads what a person types for a share, with or without the sign; undefined where it is none. */
export function parseShare(text: string): number | undefined {
  const number = /^\s*(\d{1,3}(?:[.,]\d{1,3})?)\s*%?\s*$/u.exec(text)?.[1]?.replace(',', '.');
  if (number === undefined) return undefined;
  const share = Math.round(Number(number) * PER_PERCENT);
  return share <= FULL_SHARE ? share : undefined;
}

/** A rate from 0 to 1 in percent, to as many figures as tell it from nothing: `0.04 %`. */
export function formatRate(rate: number): string {
  const percent = rate * 100;
  const digits = percent !== 0 && percent < 1 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 1 };
  return `${new Intl.NumberFormat('en', digits).format(percent)} %`;
}

const whole = new Intl.NumberFormat('en');

/** A count with its thousands apart. */
export function formatCount(count: number): string {
  return whole.format(count);
}
