/**
 * Rows in the order in which they stood, so that none moves away under the pointer; those that are new come last, those
 * that are gone are left out.
 */
export function steadyOrder<Row>(rows: readonly Row[], keyOf: (row: Row) => string, stood: readonly string[]): Row[] {
  const places = new Map(stood.map((key, place) => [key, place]));
  const placeOf = (row: Row): number => places.get(keyOf(row)) ?? stood.length;
  return [...rows].sort((a, b) => placeOf(a) - placeOf(b));
}
