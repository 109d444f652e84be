import type { CompiledSnapshot, FlagMetadata } from '@sluice/sdk/evaluation';
import { exportFlag, type FlagdFlag } from './export-flag.js';
import { canBeReferred, environmentLogic, evaluatorOf } from './flag-logic.js';
import type { Logic } from './json-logic.js';
import { HAS_TARGETING_KEY, hasTargetingKey, TARGETING_KEY_EVALUATOR } from './serve-logic.js';
import type { Uncarried } from './uncarried.js';

/** flagd's flag configuration, https://flagd.dev/schema/v0/flags.json. */
export interface FlagdDocument {
  readonly $schema: string;
  readonly flags: Readonly<Record<string, FlagdFlag>>;
  readonly $evaluators: Readonly<Record<string, Logic>>;
  readonly metadata: FlagMetadata;
}

export interface FlagdExport {
  readonly document: FlagdDocument;
  /** Why flags are not in the document: clients do not find them, and use their callers' defaults. */
  readonly uncarried: readonly Uncarried[];
}

const SCHEMA = 'https://flagd.dev/schema/v0/flags.json';
/** As many are named in the metadata, which goes along with every answer. */
const MOST_NAMED = 20;

/**
 * An environment as flagd's clients evaluate it by themselves: whatever the context, each flag that is carried has the
 * same value and variant as by our own evaluator. What cannot be carried exactly is left out, and said.
 */
export function exportEnvironment(compiled: CompiledSnapshot): FlagdExport {
  const { snapshot } = compiled;
  const logic = environmentLogic(compiled);
  const uncarried: Uncarried[] = [];
  const flags = new Map<string, FlagdFlag>();
  for (const flag of snapshot.flags) {
    const { made, problems } = exportFlag(flag, logic.flag);
    if (problems.length === 0) flags.set(flag.key, made);
    else uncarried.push(...problems.map((problem) => ({ flag: flag.key, ...problem })));
  }
  const text = JSON.stringify([...flags.values()]);
  const isReferred = (reference: Logic): boolean => text.includes(JSON.stringify(reference));
  const segments = snapshot.segments.flatMap(({ key }) => {
    const { isMember } = logic.segment(key);
    return canBeReferred(isMember) && isReferred({ $ref: evaluatorOf(key) }) ? [[evaluatorOf(key), isMember]] : [];
  });
  const splits = isReferred(HAS_TARGETING_KEY) ? [[TARGETING_KEY_EVALUATOR, hasTargetingKey]] : [];
  return {
    document: {
      $schema: SCHEMA,
      flags: Object.fromEntries(flags),
      $evaluators: Object.fromEntries([...splits, ...segments]) as Record<string, Logic>, // safe: pairs of these
      metadata: {
        flagSetId: `${snapshot.project}/${snapshot.environment}`,
        version: String(snapshot.revision),
        ...(uncarried.length === 0 ? {} : { uncarried: namesOf(uncarried) }),
      },
    },
    uncarried,
  };
}

function namesOf(uncarried: readonly Uncarried[]): string {
  const names = [...new Set(uncarried.map(({ flag }) => flag))];
  const more = names.length - MOST_NAMED;
  return names.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
