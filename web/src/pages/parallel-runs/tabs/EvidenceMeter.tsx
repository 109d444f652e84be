import { parallelRun as text } from '../../../text/parallel-run.js';
import { formatEvidence, partOf } from '../../../util/evidence.js';
import classes from './EvidenceMeter.module.css';

interface Props {
  readonly label: string;
  readonly tone: 'good' | 'bad';
  readonly evidence: number;
  readonly limit: number;
}

/** How much of the evidence that would decide a question is there: less than all of it decides nothing. */
export function EvidenceMeter({ label, tone, evidence, limit }: Props) {
  const isReached = evidence >= limit;
  const told = text.evidence.of(formatEvidence(evidence), formatEvidence(limit));
  const words = isReached ? `${told}, ${text.evidence.reached}` : told;
  return (
    <div className={classes['meter']}>
      <span>{label}</span>
      <strong>{words}</strong>
      <meter
        min={0}
        max={1}
        value={partOf(evidence, limit)}
        data-tone={isReached ? tone : undefined}
        aria-label={`${label}: ${words}`}
      />
    </div>
  );
}
