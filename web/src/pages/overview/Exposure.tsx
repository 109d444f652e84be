import { releases as text } from '../../text/releases.js';
import { formatShare } from '../../util/share.js';
import classes from './Exposure.module.css';

const FULL = 100_000;

/** How many get the candidate: filled what is real where a router counted it, and a mark at what was asked. */
export function Exposure({ share, real }: { readonly share: number; readonly real: number | undefined }) {
  const words =
    real === undefined ? text.exposure(formatShare(share)) : text.exposureReal(formatShare(real), formatShare(share));
  return (
    <div className={classes['exposure']}>
      <div className={classes['bar']} aria-hidden>
        <span className={classes['real']} style={{ width: `${((real ?? share) / FULL) * 100}%` }} />
        <span className={classes['asked']} style={{ insetInlineStart: `${(share / FULL) * 100}%` }} />
      </div>
      <span>{words}</span>
    </div>
  );
}
