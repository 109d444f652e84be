import type { Finding, VersionPairView } from '../parallel-run-view.js';
import type { Palette } from './palette.js';

const FINDING: Readonly<Record<Finding, string>> = {
  certified: 'certified',
  refuted: 'refuted',
  undecided: 'not known yet',
};

/** What was found of a candidate, in words. */
export const findingWords = (finding: Finding): string => FINDING[finding];

/** How a finding is painted. */
export const FINDING_PAINT: Readonly<Record<Finding, keyof Palette>> = {
  certified: 'good',
  refuted: 'bad',
  undecided: 'unsure',
};

/** `v7 → v8`; versions that services do not tell have no name. */
export function pairWords({ controlVersion, candidateVersion }: VersionPairView): string {
  return `${controlVersion || '(no version)'} → ${candidateVersion || '(no version)'}`;
}
