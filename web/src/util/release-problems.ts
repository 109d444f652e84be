import { placeProblems, type Problem } from './field-errors.js';
import { isWhole, type ReleaseDraft } from './release-draft.js';

export const RELEASE_STEPS = ['changes', 'policy', 'review', 'copy'] as const;
export type ReleaseStep = (typeof RELEASE_STEPS)[number];

/** What stands in the way of a release that is written, where it is mended. */
export interface ReleaseProblems {
  /** By field: `changes.0.variation`, `arguments.hold`, `scheduledAt`; `changes.0` is of the change as a whole. */
  readonly fields: Readonly<Record<string, string>>;
  /** Of no one field. */
  readonly rest: readonly Problem[];
  /** How many there are at each step. */
  readonly counts: Readonly<Record<ReleaseStep, number>>;
}

/** Fields that codes without a pointer speak of. */
const FIELDS_OF_CODES: Readonly<Record<string, string>> = {
  POLICY_NOT_FOUND: 'policy',
  POLICY_UNFIT: 'policy',
  FLAG_DEBT: 'policy',
  APPROVAL_MISSING: 'begin',
  FROZEN: 'begin',
  DIGEST_REJECTED: 'overrideRejection',
};

/** Parts of changes that stand in one field each, as pointers of the API and fields of the page name them. */
const PARTS: readonly (readonly [string, string])[] = [
  ['flag', 'flag'],
  ['ramp/variation', 'variation'],
  ['ramp/rule', 'rule'],
  ['ramp/bucketBy', 'bucketBy'],
  ['edit/on', 'on'],
  ['edit/defaultServe', 'serve'],
  ['retireAfterDays', 'retireAfterDays'],
  ['service', 'service'],
  ['version', 'version'],
  ['digest', 'version'],
  ['run', 'run'],
];

/**
 * Puts each problem to its field. Until who writes has gone on from the changes (`isLookedAt`), it is no problem that a
 * change that is being written lacks something.
 */
export function placeReleaseProblems(
  draft: ReleaseDraft,
  problems: readonly Problem[],
  isLookedAt: boolean,
): ReleaseProblems {
  const pointed = problems.map((problem) => {
    const field = problem.pointer === null ? FIELDS_OF_CODES[problem.code] : undefined;
    return field === undefined ? problem : { ...problem, pointer: `/${field}` };
  });
  const told = pointed.filter(({ pointer }) => isLookedAt || !isOfUnwritten(draft, pointer));
  const { fields, rest } = placeProblems(told, () => false, placesOf(draft));
  const at = Object.keys(fields).map(stepOf);
  const count = (step: ReleaseStep): number => at.filter((each) => each === step).length;
  const counts = { changes: count('changes'), policy: count('policy'), review: count('review') + rest.length, copy: 0 };
  return { fields, rest, counts };
}

/**
 * What was told before anything was asked for, and what the server said when it was: once each. A refusal tells one
 * problem and often not where; what was told before does.
 */
export function mergeProblems(told: readonly Problem[], refusal: readonly Problem[]): readonly Problem[] {
  const isTold = (problem: Problem): boolean =>
    told.some(({ code, message }) => code === problem.code && message === problem.message);
  return [...told, ...refusal.filter((problem) => !isTold(problem))];
}

function isOfUnwritten({ changes }: ReleaseDraft, pointer: string | null): boolean {
  const index = /^\/changes(?:\/(\d+))?/u.exec(pointer ?? '');
  if (index === null) return false;
  const change = changes[Number(index[1])];
  return change === undefined || !isWhole(change);
}

function placesOf({ changes, arguments: given }: ReleaseDraft): Readonly<Record<string, string>> {
  const fields = ['changes', 'policy', 'arguments', 'name', 'description', 'scheduledAt', 'overrideRejection', 'begin'];
  return Object.fromEntries([
    ...fields.map((field) => [`/${field}`, field]),
    ['/start', 'begin'],
    // A policy with these arguments, of which the release's own document has no more than the key.
    ['/document', 'policy'],
    ...Object.keys(given).map((name) => [`/arguments/${name}`, `arguments.${name}`]),
    ...changes.flatMap((_change, index) => [
      [`/changes/${index}`, `changes.${index}`],
      ...PARTS.map(([part, field]) => [`/changes/${index}/${part}`, `changes.${index}.${field}`]),
    ]),
  ]) as Readonly<Record<string, string>>; // of pairs
}

function stepOf(field: string): ReleaseStep {
  if (field.startsWith('changes')) return 'changes';
  return field === 'policy' || field.startsWith('arguments') ? 'policy' : 'review';
}
