/** What asks for somebody, the most pressing kind first. */
export const ATTENTION_KINDS = [
  'guardrailBroken',
  'couldNotAsk',
  'refutedRun',
  'deadlinePassed',
  'noData',
  'held',
  'laggards',
  'awaitingApproval',
  'overdueFlag',
  'dueFlag',
] as const;
export type AttentionKind = (typeof ATTENTION_KINDS)[number];

/** What the page of an item shows. */
export const ATTENTION_TARGETS = ['release', 'flag', 'guardrail', 'parallelRun'] as const;
export type AttentionTarget = (typeof ATTENTION_TARGETS)[number];

/** Something that asks for somebody. */
export interface AttentionItem {
  readonly kind: AttentionKind;
  /** What it is about, in a few words: a release's name, a flag's key. */
  readonly title: string;
  /** What is the matter, for people. */
  readonly sentence: string;
  /** Since when; of flags, when they are due. */
  readonly since: Date;
  /** Key of the project. */
  readonly project: string;
  /** Key of the environment; null for what concerns no one environment. */
  readonly environment: string | null;
  /** Whether users are there. */
  readonly isProduction: boolean;
  readonly target: AttentionTarget;
  /** Id of the release, or key. */
  readonly targetId: string;
}

/**
 * Items in the order in which people should look at them: production before all else, of it the most pressing kind, and of
 * a kind what has waited longest.
 */
export function rankAttention(items: readonly AttentionItem[]): readonly AttentionItem[] {
  return [...items].sort(
    (a, b) =>
      Number(b.isProduction) - Number(a.isProduction) ||
      ATTENTION_KINDS.indexOf(a.kind) - ATTENTION_KINDS.indexOf(b.kind) ||
      a.since.getTime() - b.since.getTime() ||
      (a.targetId < b.targetId ? -1 : Number(a.targetId > b.targetId)),
  );
}
