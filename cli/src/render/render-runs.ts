import type { RunView } from '../parallel-run-view.js';
import { findingWords, pairWords } from './finding-words.js';
import { formatCount, formatShare, formatTable } from './format.js';

const HEAD = ['KEY', 'ENVIRONMENT', 'SAMPLED', 'CANDIDATE', 'VERSIONS', 'FINDING', 'UNEQUAL', 'OWNER', 'DUE'];

/** Runs as a table: a row for each candidate in each environment, one for a run that nobody compares anything with. */
export function renderRuns(runs: readonly RunView[]): readonly string[] {
  return formatTable([HEAD, ...runs.flatMap(rowsOf)]);
}

function rowsOf({ key, owner, dueAt, environments }: RunView): readonly (readonly string[])[] {
  const whose = [owner ?? '', dueAt?.slice(0, 10) ?? ''];
  const rows = Object.entries(environments).flatMap(([environment, { share, candidates }]) => {
    const place = [key, environment, formatShare(share)];
    if (candidates.length === 0) return share === 0 ? [] : [[...place, '', '', 'nothing compared', '', ...whose]];
    return candidates.map(({ finding, n, x, ...pair }) => [
      ...place,
      pair.candidate,
      pairWords(pair),
      findingWords(finding),
      `${formatCount(x)} of ${formatCount(n)}`,
      ...whose,
    ]);
  });
  return rows.length > 0 ? rows : [[key, '', formatShare(0), '', '', '', '', ...whose]];
}
