import type { LocalRunSettings } from '@sluice/sdk';

/** Samples every call, whatever it costs. A service samples a share of them, and keeps to the default budget. */
export const EVERY_CALL: LocalRunSettings = { share: 100_000, budget: { addedMs: 1_000, loopDelayMs: 1_000 } };
