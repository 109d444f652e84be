/** How many inputs of a kind must have been compared. */
export interface StratumMinimum {
  readonly stratum: string;
  readonly minimum: number | null;
}

/** One to a line, the number last: `even 100`. A line without a number has none, which the server then asks for. */
export function parseStrata(text: string): readonly StratumMinimum[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [, stratum = line, minimum] = /^(.*\S)\s+(\d+)$/u.exec(line) ?? [];
      return { stratum, minimum: minimum === undefined ? null : Number(minimum) };
    });
}

export function formatStrata(strata: readonly StratumMinimum[]): string {
  return strata.map(({ stratum, minimum }) => `${stratum} ${minimum ?? ''}`.trim()).join('\n');
}
