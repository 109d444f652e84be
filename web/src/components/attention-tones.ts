import type { Tone } from '../ui/StatusBadge.js';

/** How pressing it is that somebody is asked for, by why. */
export const ATTENTION_TONES = {
  guardrailBroken: 'bad',
  couldNotAsk: 'bad',
  refutedRun: 'bad',
  deadlinePassed: 'warning',
  noData: 'warning',
  held: 'warning',
  laggards: 'warning',
  awaitingApproval: 'waiting',
  overdueFlag: 'neutral',
  dueFlag: 'neutral',
} as const satisfies Readonly<Record<string, Tone>>;
