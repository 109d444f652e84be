import type { TrafficContent } from '../deployments/index.js';
import type { SettingsContent } from '../flags/index.js';
import { FULL_SHARE } from '../kernel/share.js';
import { type RampTarget, settingsAt, subjectOf } from './ramp-target.js';

/** What a release makes of one thing that it moves, once everybody has it. */
export type TargetChange =
  | {
      readonly subject: string;
      readonly kind: 'flag';
      readonly before: SettingsContent;
      readonly after: SettingsContent;
    }
  | {
      readonly subject: string;
      readonly kind: 'service';
      readonly before: TrafficContent;
      readonly after: TrafficContent;
    }
  | { readonly subject: string; readonly kind: 'parallelRun'; readonly before: Sampled; readonly after: Sampled };

/** Of the calls of a parallel run, thousandths of a percent. */
interface Sampled {
  readonly share: number;
}

/** What a target is before, and after a ramp that samples parallel runs up to so much. */
export function changeOf(target: RampTarget, sampling: number): TargetChange {
  const subject = subjectOf(target);
  switch (target.kind) {
    case 'flag':
      return { subject, kind: 'flag', before: target.before, after: settingsAt(target, FULL_SHARE) };
    case 'service':
      return { subject, kind: 'service', before: target.before, after: { stable: target.candidate, candidate: null } };
    case 'parallelRun':
      return { subject, kind: 'parallelRun', before: target.before, after: { share: sampling } };
  }
}
