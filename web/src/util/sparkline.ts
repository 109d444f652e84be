/** A value at a place of a curve; null: there was none. */
export interface SparkPoint {
  readonly value: number | null;
  readonly outcome: string;
}

export interface Sparkline {
  /** Points of polylines, as SVG wants them: one for each stretch without a gap. */
  readonly lines: readonly string[];
  /** Where each point is; those without a value stand at the bottom. */
  readonly marks: readonly { readonly x: number; readonly y: number; readonly outcome: string }[];
}

/** Points evenly apart from left to right, the largest value at the top. Lines break where a value is not known. */
export function sparkline(
  points: readonly SparkPoint[],
  { width, height, margin }: { readonly width: number; readonly height: number; readonly margin: number },
): Sparkline {
  const values = points.flatMap(({ value }) => value ?? []);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const xOf = (at: number): number =>
    round(points.length < 2 ? width / 2 : margin + (at / (points.length - 1)) * (width - 2 * margin));
  const yOf = (value: number): number =>
    round(low === high ? height / 2 : height - margin - ((value - low) / (high - low)) * (height - 2 * margin));
  const lines: string[][] = [[]];
  const marks = points.map(({ value, outcome }, at) => {
    const x = xOf(at);
    if (value === null) {
      lines.push([]);
      return { x, y: height - margin, outcome };
    }
    const y = yOf(value);
    lines.at(-1)?.push(`${x},${y}`);
    return { x, y, outcome };
  });
  return { lines: lines.filter((line) => line.length > 1).map((line) => line.join(' ')), marks };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
