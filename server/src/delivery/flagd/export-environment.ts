import type { CompiledSnapshot, FlagMetadata, SnapshotFlag } from '@sluice/sdk/evaluation';
import { type ExportedFlag, exportFlag, type FlagdFlag } from './export-flag.js';
import { type FlagLogic, flagLogics, LogicMemory } from './flag-logic.js';
import type { Logic } from './json-logic.js';
import type { Uncarried } from './uncarried.js';
import { MOST_DOCUMENT_BYTES, withinBudget } from './within-budget.js';

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
const TOO_LONG = `With it, the flags of this environment are longer than ${MOST_DOCUMENT_BYTES / 1024 / 1024} MiB, the most that is sent.`;

/** What was made of an environment's revisions before: flags that have not changed since are not exported anew. */
export class ExportMemory {
  readonly logic = new LogicMemory();
  readonly flags = new WeakMap<FlagLogic, ExportedFlag>();
}

/**
 * An environment as flagd's clients evaluate it by themselves: whatever the context, each flag that is carried has the
 * same value and variant as by our own evaluator. What cannot be carried exactly is left out, and said.
 */
export function exportEnvironment(compiled: CompiledSnapshot, memory = new ExportMemory()): FlagdExport {
  const { snapshot } = compiled;
  const logicOf = flagLogics(compiled, memory.logic);
  const uncarried: Uncarried[] = [];
  const carried = new Map<string, ExportedFlag>();
  for (const flag of snapshot.flags) {
    const exported = exportOnce(flag, logicOf(flag), memory);
    if (exported.problems.length === 0) carried.set(flag.key, exported);
    else uncarried.push(...exported.problems.map((problem) => ({ flag: flag.key, ...problem })));
  }
  const kept = withinBudget(carried);
  for (const key of carried.keys()) if (!kept.has(key)) uncarried.push({ flag: key, path: '', reason: TOO_LONG });
  const flags = [...carried].filter(([key]) => kept.has(key));
  const evaluators = new Map(flags.flatMap(([, { extent }]) => [...extent.references]));
  return {
    document: {
      $schema: SCHEMA,
      flags: Object.fromEntries(flags.map(([key, { made }]) => [key, made])),
      $evaluators: Object.fromEntries(evaluators),
      metadata: {
        flagSetId: `${snapshot.project}/${snapshot.environment}`,
        version: String(snapshot.revision),
        ...(uncarried.length === 0 ? {} : { uncarried: namesOf(uncarried) }),
      },
    },
    uncarried,
  };
}

function exportOnce(flag: SnapshotFlag, logic: FlagLogic, { flags }: ExportMemory): ExportedFlag {
  const exported = flags.get(logic) ?? exportFlag(flag, logic);
  flags.set(logic, exported);
  return exported;
}

function namesOf(uncarried: readonly Uncarried[]): string {
  const names = [...new Set(uncarried.map(({ flag }) => flag))];
  const more = names.length - MOST_NAMED;
  return names.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
