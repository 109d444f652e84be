/** Postage of a parcel in cents, by its weight in kilograms: the old code. */
export function postageByTable(kilograms: number): number {
  if (kilograms <= 2) return 549;
  if (kilograms <= 5) return 749;
  if (kilograms <= 10) return 1_049;
  return kilograms <= 20 ? 1_849 : 2_249;
}

const BANDS: readonly (readonly [below: number, cents: number])[] = [
  [2, 549],
  [5, 749],
  [10, 1_049],
  [20, 1_849],
];

/** The new code: heaviest parcels of a band pay for the next, for `<` stands where `<=` must. */
export function postageByBands(kilograms: number): number {
  return BANDS.find(([below]) => kilograms < below)?.[1] ?? 2_249;
}

/** The new code, mended. */
export function postageByFixedBands(kilograms: number): number {
  return BANDS.find(([upTo]) => kilograms <= upTo)?.[1] ?? 2_249;
}
