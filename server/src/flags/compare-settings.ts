import canonicalize from 'canonicalize';
import type { FlagSettings } from './flag.js';
import { contentOf, type SettingsContent } from './parse-settings.js';

/** What of settings can be compared and carried over on its own. */
export const SETTINGS_FIELDS = [
  'on',
  'offVariation',
  'defaultServe',
  'targets',
  'rules',
  'prerequisites',
] as const satisfies readonly (keyof SettingsContent)[];
export type SettingsField = (typeof SETTINGS_FIELDS)[number];

/** How a flag's settings in two environments are to each other; `onlyLeft`: nobody ever set it in the right one. */
export const LIKENESSES = ['same', 'different', 'onlyLeft', 'onlyRight'] as const;
export type Likeness = (typeof LIKENESSES)[number];

export interface SettingsComparison {
  readonly likeness: Likeness;
  /** In which they differ; none: they are the same. */
  readonly fields: readonly SettingsField[];
}

/** Compares what a flag's settings in two environments say. Ids of rules say nothing: the same rule may have two. */
export function compareSettings(left: FlagSettings, right: FlagSettings): SettingsComparison {
  const fields = SETTINGS_FIELDS.filter((field) => formOf(left, field) !== formOf(right, field));
  return { likeness: likenessOf(left, right, fields), fields };
}

/** The target's content with some fields as the source has them. */
export function carryOver(
  source: SettingsContent,
  target: SettingsContent,
  fields: readonly SettingsField[],
): SettingsContent {
  const carried = Object.entries(contentOf(source)).filter(([name]) => fields.some((field) => field === name));
  return { ...contentOf(target), ...Object.fromEntries(carried) };
}

function likenessOf(left: FlagSettings, right: FlagSettings, fields: readonly SettingsField[]): Likeness {
  if (fields.length === 0) return 'same';
  if (right.version === 0) return 'onlyLeft';
  return left.version === 0 ? 'onlyRight' : 'different';
}

/** The canonical JSON of a field: the store may give keys in another order than they were written in. */
function formOf(settings: SettingsContent, field: SettingsField): string | undefined {
  if (field !== 'rules') return canonicalize(settings[field]);
  return canonicalize(settings.rules.map(({ id: _id, ...rule }) => rule));
}
