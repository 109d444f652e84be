import { parallelRuns as text } from '../../text/parallel-runs.js';
import { StatusBadge, type Tone } from '../../ui/StatusBadge.js';

const TONES = { certified: 'good', refuted: 'bad', undecided: 'waiting' } as const satisfies Record<string, Tone>;

/** What was found of a candidate; what is not known is never shown as good. */
export function FindingBadge({ finding }: { readonly finding: keyof typeof TONES | undefined }) {
  if (finding === undefined) return <StatusBadge tone="neutral">{text.noCandidate}</StatusBadge>;
  return <StatusBadge tone={TONES[finding]}>{text.findings[finding]}</StatusBadge>;
}
