/** A look at a metric, as the API tells it. */
interface Point {
  readonly at: string;
  readonly evidence: number | null;
  readonly limit: number | null;
}

/** What a chart of evidence is drawn from. */
export interface EvidenceLines {
  /** Milliseconds since 1970. */
  readonly times: readonly number[];
  readonly evidence: readonly (number | null)[];
  readonly limit: readonly (number | null)[];
}

/** The looks at a metric as lines; undefined where none of them had evidence (of means and queries there is none). */
export function evidenceLines(points: readonly Point[]): EvidenceLines | undefined {
  if (points.every(({ evidence }) => evidence === null)) return undefined;
  return {
    times: points.map(({ at }) => Date.parse(at)),
    evidence: points.map(({ evidence }) => evidence),
    limit: points.map(({ limit }) => limit),
  };
}
