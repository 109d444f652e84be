export { parseCommandLine } from './command-line.js';
export type { ShadowSettings } from './settings.js';
export { type Shadow, type ShadowOutput, startShadow } from './start-shadow.js';
