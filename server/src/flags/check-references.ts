import { compileSnapshot, isTangled, type Prerequisite } from '@sluice/sdk/evaluation';
import { pointer, type Problem } from '../kernel/errors.js';
import { leadingTo, type ReferenceGraph, segmentsNamed } from '../segments/index.js';
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
  const graph: ReferenceGraph = new Map(
    [...around.flags].map(([key, { prerequisites }]) => [key, namedIn(prerequisites)]),
  );
  const upstream = leadingTo(flagKey, graph);
  const prerequisiteFaults = settings.prerequisites.flatMap((prerequisite, index) => {
    const at = pointer('/prerequisites', index);
    if (!upstream.has(prerequisite.flag)) return prerequisiteProblems(prerequisite, at, around.flags);
    const message = `Flag "${prerequisite.flag}" leads back to "${flagKey}"; a flag cannot depend on itself.`;
    return [{ pointer: pointer(at, 'flag'), code: 'PREREQUISITE_CYCLE', message }];
  });
  const tangles =
    prerequisiteFaults.length > 0 ? [] : tangleProblems(new Map(graph).set(flagKey, namedIn(settings.prerequisites)));
  return [...unknownSegments, ...prerequisiteFaults, ...tangles];
}

function namedIn(prerequisites: readonly Prerequisite[]): readonly string[] {
  return prerequisites.flatMap(({ flag }) => flag);
}

function prerequisiteProblems(
  prerequisite: Prerequisite,
  at: string,
  flags: Surroundings['flags'],
): readonly Problem[] {
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

/** Evaluators give up on prerequisites that take too many visits to follow, so they are asked. */
function tangleProblems(graph: ReferenceGraph): readonly Problem[] {
  const flags = [...graph].map(([key, names]) => {
    const prerequisites = names.map((flag) => ({ flag, variations: [] }));
    return {
      key,
      type: 'boolean',
      version: 1,
      on: true,
      variations: [],
      targets: [],
      rules: [],
      prerequisites,
    } as const;
  });
  const probe = { schemaVersion: 1, project: '', environment: '', revision: 0, flags, segments: [] } as const;
  const compiled = compileSnapshot(probe);
  const tangled = [...compiled.keys()].find((key) => isTangled(compiled, key));
  if (tangled === undefined) return [];
  const message = `To follow the prerequisites of "${tangled}", and theirs, takes more than 1 000 looks; name fewer.`;
  return [{ pointer: '/prerequisites', code: 'PREREQUISITE_TANGLE', message }];
}
