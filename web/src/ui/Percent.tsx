import { formatShare } from '../util/share.js';
import classes from './Percent.module.css';

/** A share in words and as a bar. `real` is drawn too where what is reached is not what was asked. */
export function Percent({ share, real }: { readonly share: number; readonly real?: number }) {
  const isOff = real !== undefined && real !== share;
  const words = isOff ? `${formatShare(real)} of ${formatShare(share)}` : formatShare(share);
  return (
    <span className={classes['percent']}>
      <meter className={classes['bar']} min={0} max={100_000} value={real ?? share} aria-label={words} />
      {words}
    </span>
  );
}
