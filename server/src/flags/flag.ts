import type {
  Clause,
  FlagMetadata,
  FlagType,
  Prerequisite,
  Serve,
  SnapshotFlag,
  Target,
  Variation,
} from '@sluice/sdk/evaluation';

/** Why a flag exists, which says how long it should. */
export const PURPOSES = ['release', 'experiment', 'operational', 'permission'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** A named decision of a project. What it decides in each environment is in its settings there. */
export interface Flag {
  readonly id: string;
  readonly projectId: string;
  readonly key: string;
  readonly type: FlagType;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly owner: string | null;
  readonly purpose: Purpose;
  /** When the flag should be gone. */
  readonly dueAt: Date | null;
  readonly variations: readonly Variation[];
  /** Handed to callers with every evaluation. */
  readonly metadata: FlagMetadata;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** How a flag decides in one environment. */
export interface FlagSettings {
  readonly on: boolean;
  /** Served while off or a prerequisite is not met; null: the caller's default. */
  readonly offVariation: string | null;
  /** Served when nothing else matched; null: the caller's default. */
  readonly defaultServe: Serve | null;
  readonly targets: readonly Target[];
  readonly rules: readonly FlagRule[];
  readonly prerequisites: readonly Prerequisite[];
  /** 0 until the first edit. */
  readonly version: number;
  /** Null until the first edit. */
  readonly updatedAt: Date | null;
}

/** All clauses must match; the first rule that does serves. */
export interface FlagRule {
  readonly id: string;
  /** For people; evaluators never see it. */
  readonly description: string;
  readonly clauses: readonly Clause[];
  readonly serve: Serve;
}

/** A flag with its settings in every environment of its project, by the environment's key. */
export type FlagWithSettings = Flag & { readonly environments: Readonly<Record<string, FlagSettings>> };

/** A new flag's settings: off, serving its last variation; switched on it serves its first. */
export function untouchedSettings({ variations }: Pick<Flag, 'variations'>): FlagSettings {
  const first = variations[0];
  return {
    on: false,
    offVariation: variations.at(-1)?.key ?? null,
    defaultServe: first === undefined ? null : { variation: first.key },
    targets: [],
    rules: [],
    prerequisites: [],
    version: 0,
    updatedAt: null,
  };
}

/** A flag as evaluators of one environment need it: names, owners and descriptions stay behind. */
export function toSnapshotFlag(flag: Flag, settings: FlagSettings): SnapshotFlag {
  return {
    key: flag.key,
    type: flag.type,
    version: settings.version,
    on: settings.on,
    variations: flag.variations,
    ...(settings.offVariation === null ? {} : { offVariation: settings.offVariation }),
    targets: settings.targets,
    rules: settings.rules.map(({ id, clauses, serve }) => ({ id, clauses, serve })),
    ...(settings.defaultServe === null ? {} : { defaultServe: settings.defaultServe }),
    prerequisites: settings.prerequisites,
    ...(Object.keys(flag.metadata).length === 0 ? {} : { metadata: flag.metadata }),
  };
}
