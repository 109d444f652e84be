import type { FlagSettings } from '../../src/flags/flag.js';
import type { SettingsContent } from '../../src/flags/parse-settings.js';

/** What an owner of aFlag may write: on, serving "on" to everybody, unless said. */
export function someContent(overrides: Partial<SettingsContent> = {}): SettingsContent {
  return {
    on: true,
    offVariation: 'off',
    defaultServe: { variation: 'on' },
    targets: [],
    rules: [],
    prerequisites: [],
    ...overrides,
  };
}

/** Settings of aFlag that were never stored, unless said. */
export function someSettings(overrides: Partial<FlagSettings> = {}): FlagSettings {
  return { ...someContent(), version: 0, updatedAt: new Date('2026-01-01T00:00:00.000Z'), ...overrides };
}
