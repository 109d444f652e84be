/** Requests per arm that one generation of the split has logged. */
export interface ArmTally {
  readonly stable: number;
  readonly candidate: number;
}

export type Tallies = ReadonlyMap<string, ArmTally>;

const NONE: ArmTally = { stable: 0, candidate: 0 };

export function tallyOf(tallies: Tallies, generation: string): ArmTally {
  return tallies.get(generation) ?? NONE;
}

/**
 * Adds a piece of an arm log, whose lines are `s <generation>` or `c <generation>`. Answers the beginning of a line that
 * the next piece ends. Other lines are not ours and count for nothing.
 */
export function addLines(tallies: Tallies, text: string): { readonly tallies: Tallies; readonly rest: string } {
  const lines = text.split('\n');
  const rest = lines.pop() ?? '';
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);

  const next = new Map(tallies);
  for (const [line, count] of counts) {
    const [arm, generation] = line.split(' ');
    if (generation === undefined || (arm !== 's' && arm !== 'c')) continue;
    const tally = tallyOf(next, generation);
    next.set(
      generation,
      arm === 's' ? { ...tally, stable: tally.stable + count } : { ...tally, candidate: tally.candidate + count },
    );
  }
  return { tallies: next, rest };
}
