import { pointer, type Problem } from '../kernel/errors.js';
import { referenceProblems, type Surroundings } from './check-references.js';
import type { FlagSettings } from './flag.js';
import type { SettingsContent } from './parse-settings.js';

/** A flag that is to be promoted, as the caller last saw it in both environments. */
export interface Wish {
  readonly flag: string;
  readonly fromVersion: number;
  readonly toVersion: number;
}

/** What is to become of a wish. */
export interface PlannedPromotion {
  /** Where the wish stands in the document. */
  readonly index: number;
  readonly flag: string;
  readonly content: SettingsContent;
}

/** What of a promotion's wishes is about settings that changed since the caller looked. */
export function staleProblems(
  { flag, fromVersion, toVersion }: Wish,
  index: number,
  now: { readonly source: FlagSettings; readonly target: FlagSettings },
): readonly Problem[] {
  const stale = (field: string, seen: number, version: number): readonly Problem[] => {
    if (seen === version) return [];
    const message = `"${flag}" was changed since: it is at version ${version}, you sent ${seen}. Compare again.`;
    return [{ pointer: pointer('/flags', index, field), code: 'VERSION_STALE', message }];
  };
  return [
    ...stale('fromVersion', fromVersion, now.source.version),
    ...stale('toVersion', toVersion, now.target.version),
  ];
}

/**
 * What keeps settings from being promoted together: what they name must be there, lead nowhere back once all are
 * promoted, and have been set in the target, or they would decide otherwise there than where they come from.
 */
export function promotionProblems(
  planned: readonly PlannedPromotion[],
  around: Surroundings,
  target: { readonly environment: string; readonly untouched: ReadonlySet<string> },
): readonly Problem[] {
  const promoted = new Map(planned.map(({ flag, content }) => [flag, content]));
  const flags = new Map(
    [...around.flags].map(([key, neighbour]) => {
      const prerequisites = promoted.get(key)?.prerequisites ?? neighbour.prerequisites;
      return [key, { ...neighbour, prerequisites }] as const;
    }),
  );
  return planned.flatMap(({ index, flag, content }) => {
    const at = pointer('/flags', index);
    const unmet = content.prerequisites.filter((each) => target.untouched.has(each.flag) && !promoted.has(each.flag));
    return [
      ...referenceProblems(flag, content, { ...around, flags }).map((problem) => ({ ...problem, pointer: at })),
      ...unmet.map((each) => ({
        pointer: at,
        code: 'PREREQUISITE_UNTOUCHED',
        message: `"${flag}" needs flag "${each.flag}", which nobody has set in ${target.environment}; promote it too.`,
      })),
    ];
  });
}
