import type { Trials } from '../analysis/index.js';
import type { CountedInputs, DistinctTrials, StratumTrials } from './counted-inputs.js';
import type { RunSums, RunTotal, StoredTotal } from './sums.js';

/**
 * A stored total as evidence. An input that several processes compared counts once in a window of time; where nobody can
 * tell, it counts as each process has it, as inputs do that SDKs do not name. Never are there more unequal inputs than
 * inputs: an instance whose report of an input was lost for good may still say that it came out unequal.
 *
 * Where inputs are so many that their number is estimated, doubt is for neither finding. Every equal input more is
 * evidence for a certificate and against a refutation, every unequal one the other way about, so a certificate rests on
 * the fewest inputs there may be and the most unequal ones, a refutation on the most inputs and the fewest unequal ones.
 */
export function totalAsEvidence({ distinct, ...total }: StoredTotal): RunTotal {
  return { ...total, sums: asEvidence(total.sums, distinct) };
}

/** As `totalAsEvidence`, of the sums alone. */
export function asEvidence(sums: RunSums, distinct: CountedInputs | null): RunSums {
  const { inputs, strata } = sums;
  if (distinct === null) return { ...sums, inputs: possible(inputs), strata: strata.map(possible) };
  const byName = new Map(distinct.strata.map((each) => [each.stratum, each]));
  const certifying = {
    inputs: certifyingOf(inputs, distinct),
    strata: strata.map((each): StratumTrials => ({ ...each, ...certifyingOf(each, byName.get(each.stratum)) })),
  };
  const refuting = {
    inputs: refutingOf(inputs, distinct),
    strata: strata.map((each): StratumTrials => ({ ...each, ...refutingOf(each, byName.get(each.stratum)) })),
  };
  const isExact = [distinct, ...distinct.strata].every(
    ({ fewest, most }) => fewest.n === most.n && fewest.x === most.x,
  );
  const perProcess = untold(inputs, distinct).n;
  return { ...sums, ...certifying, ...(!isExact && { refuting }), perProcess };
}

function certifyingOf(trials: Trials, distinct?: DistinctTrials): Trials {
  const { n, x } = untold(trials, distinct);
  return possible({ n: n + (distinct?.fewest.n ?? 0), x: x + (distinct?.most.x ?? 0) });
}

function refutingOf(trials: Trials, distinct?: DistinctTrials): Trials {
  const { n, x } = untold(trials, distinct);
  return possible({ n: n + (distinct?.most.n ?? 0), x: x + (distinct?.fewest.x ?? 0) });
}

/** Of what processes counted, that which was not told apart. */
function untold({ n, x }: Trials, distinct?: DistinctTrials): Trials {
  return { n: Math.max(0, n - (distinct?.told.n ?? 0)), x: Math.max(0, x - (distinct?.told.x ?? 0)) };
}

function possible<T extends Trials>(trials: T): T {
  return { ...trials, n: Math.max(trials.n, trials.x) };
}
