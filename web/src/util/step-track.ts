/** What of a step is drawn; moments are RFC 3339 texts. */
export interface TimedStep {
  readonly plannedAt: string;
  readonly holdSeconds: number;
  readonly enteredAt: string | null;
  readonly leftAt: string | null;
  readonly expectedAt: string | null;
}

/** A stretch of the track, from 0 to 1 of its width. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** A step as planned, and as it came; null where it did not come yet. */
export interface DrawnStep {
  readonly planned: Stretch;
  readonly actual: Stretch | null;
  /** Not before then, as things stand. */
  readonly expected: Stretch | null;
}

/** Steps on one track of time: from the first plan to the latest end, planned, actual or expected. */
export function stepTrack(steps: readonly TimedStep[], now: Date): readonly DrawnStep[] {
  const spans = steps.map((step) => spansOf(step, now));
  const moments = spans.flatMap(({ planned, actual, expected }) =>
    [planned, actual, expected].flatMap((each) => each ?? []),
  );
  const begin = Math.min(...moments);
  const length = Math.max(...moments) - begin || 1;
  const stretch = ([from, to]: Span): Stretch => ({ from: (from - begin) / length, to: (to - begin) / length });
  return spans.map(({ planned, actual, expected }) => ({
    planned: stretch(planned),
    actual: actual && stretch(actual),
    expected: expected && stretch(expected),
  }));
}

type Span = readonly [number, number];

function spansOf({ plannedAt, holdSeconds, enteredAt, leftAt, expectedAt }: TimedStep, now: Date) {
  const holdMs = holdSeconds * 1_000;
  const from = (at: string): Span => [Date.parse(at), Date.parse(at) + holdMs];
  const came: Span | null =
    enteredAt === null ? null : [Date.parse(enteredAt), leftAt === null ? now.getTime() : Date.parse(leftAt)];
  return { planned: from(plannedAt), actual: came, expected: expectedAt === null ? null : from(expectedAt) };
}
