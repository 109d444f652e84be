/** The whole of an exposure: 100 %. A share is an integer of thousandths of a percent. */
export const FULL_SHARE = 100_000;

/** Tells whether a number is a share: an integer from 0 to 100 000. */
export function isShare(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= FULL_SHARE;
}
