/** What may be done to a flag's settings in an environment, as its state tells. */
export interface SettingsAbility {
  /** `editFlagSettings`, `switchFlagOn`, `switchFlagOff` or `revertFlagSettings`. */
  readonly action: string;
  readonly isAllowed: boolean;
  /** Null where it is allowed. */
  readonly reason: string | null;
}

/** What may be done while a release ramps the flag, or none does (null). Switching off is always possible. */
export function settingsAbilities(hold: { readonly sentence: string } | null): readonly SettingsAbility[] {
  const reason = hold === null ? null : `${hold.sentence} Wait for its end, or say why it is to give way to your edit.`;
  const held = ['editFlagSettings', 'switchFlagOn', 'revertFlagSettings'].map((action) => {
    return { action, isAllowed: hold === null, reason };
  });
  return [...held, { action: 'switchFlagOff', isAllowed: true, reason: null }];
}
