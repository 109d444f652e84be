export { type FlagHold, type FlagHolder, FlagHolds, type FlagNeed, type TakeOver } from './flag-holds.service.js';
export { FlagRetirement } from './flag-retirement.service.js';
export { FlagRamps } from './flag-ramps.service.js';
export { FlagsModule } from './flags.module.js';
export { FlagsReader } from './flags-reader.service.js';
export { type KillOutcome, KillSwitch } from './kill-switch.service.js';
export { contentOf, parseSettingsFields, type SettingsContent } from './parse-settings.js';
export { type FlagRamp, type RampTarget, rampOf, withShare } from './ramp-settings.js';
export { settingsEditSchema } from './settings-schema.js';
