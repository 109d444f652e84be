import type { Prerequisite } from '@sluice/sdk/evaluation';
import { pointer, type Problem } from '../kernel/errors.js';
import { segmentsNamed } from '../segments/index.js';
import type { SettingsContent } from './parse-settings.js';

/** What an environment holds beside the flag that is being changed. */
export interface Surroundings {
  readonly segmentKeys: ReadonlySet<string>;
  /** Every flag of the project, by key. */
  readonly flags: ReadonlyMap<string, NeighbourFlag>;
}

export interface NeighbourFlag {
  readonly variationKeys: ReadonlySet<string>;
  readonly prerequisites: readonly Prerequisite[];
}

/** What is wrong with a flag's settings beyond the flag itself: segments and flags it names must be there and lead nowhere back. */
export function referenceProblems(
  flagKey: string,
  settings: SettingsContent,
  around: Surroundings,
): readonly Problem[] {
  const unknownSegments = settings.rules.flatMap(({ clauses }, index) =>
    segmentsNamed(clauses, pointer('/rules', index, 'clauses'))
      .filter(({ key }) => !around.segmentKeys.has(key))
      .map(({ key, pointer: at }): Problem => {
        const message = `There is no segment "${key}" in this project; create it first.`;
        return { pointer: at, code: 'SEGMENT_UNKNOWN', message };
      }),
  );
  const prerequisiteFaults = settings.prerequisites.flatMap((prerequisite, index) =>
    prerequisiteProblems(flagKey, prerequisite, pointer('/prerequisites', index), around.flags),
  );
  return [...unknownSegments, ...prerequisiteFaults];
}

function prerequisiteProblems(
  flagKey: string,
  prerequisite: Prerequisite,
  at: string,
  flags: Surroundings['flags'],
): readonly Problem[] {
  if (leadsTo(prerequisite.flag, flagKey, flags)) {
    const message = `Flag "${prerequisite.flag}" leads back to "${flagKey}"; a flag cannot depend on itself.`;
    return [{ pointer: pointer(at, 'flag'), code: 'PREREQUISITE_CYCLE', message }];
  }
  const other = flags.get(prerequisite.flag);
  if (other === undefined) {
    const message = `There is no flag "${prerequisite.flag}" in this project; create it first.`;
    return [{ pointer: pointer(at, 'flag'), code: 'FLAG_UNKNOWN', message }];
  }
  return prerequisite.variations.flatMap((variation, index): readonly Problem[] => {
    if (other.variationKeys.has(variation)) return [];
    const message = `Flag "${prerequisite.flag}" has no variation "${variation}"; it has ${[...other.variationKeys].join(', ')}.`;
    return [{ pointer: pointer(at, 'variations', index), code: 'VARIATION_UNKNOWN', message }];
  });
}

function leadsTo(from: string, to: string, flags: Surroundings['flags']): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (key === to) return true;
    if (seen.has(key)) continue;
    seen.add(key);
    open.push(...(flags.get(key)?.prerequisites ?? []).map(({ flag }) => flag));
  }
  return false;
}
