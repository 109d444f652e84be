import { parallelRun as text } from '../../../text/parallel-run.js';
import { noiseRate, ratePicture } from '../../../util/evidence.js';
import { formatCount, formatRate } from '../../../util/share.js';
import type { ShownCandidate } from '../run-query.js';
import classes from './RatePicture.module.css';

const words = text.evidence;

/** The rate of unequal results with its interval, against what is tolerated and what the old code does by itself. */
export function RatePicture({ candidate }: { readonly candidate: Pick<ShownCandidate, 'equivalence' | 'noise'> }) {
  const { equivalence } = candidate;
  const { n, x, interval, tolerance } = equivalence;
  const noise = noiseRate(candidate.noise);
  const rate = n > 0 ? x / n : undefined;
  const drawn = ratePicture({ ...interval, rate, tolerance, noise });
  const told = [
    words.compared(formatCount(x), formatCount(n)),
    words.interval(formatRate(interval.low), formatRate(interval.high)),
    words.tolerance(formatRate(tolerance)),
    noise === undefined ? words.noNoise : words.noise(formatRate(noise)),
  ];
  return (
    <figure style={{ margin: 0 }}>
      <div className={classes['picture']} role="img" aria-label={words.picture(told)}>
        <div className={classes['axis']} />
        <div
          className={classes['interval']}
          data-cut={drawn.isCut}
          style={{ left: percent(drawn.low), width: percent(drawn.high - drawn.low) }}
        />
        {drawn.noise !== undefined && <div className={classes['noise']} style={{ left: percent(drawn.noise) }} />}
        <div className={classes['tolerance']} style={{ left: percent(drawn.tolerance) }} />
        {drawn.rate !== undefined && <div className={classes['rate']} style={{ left: percent(drawn.rate) }} />}
        <div className={classes['ends']}>
          <span>0 %</span>
          <span>{formatRate(drawn.end)}</span>
        </div>
      </div>
      <figcaption className={classes['legend']}>
        <span data-of="rate">
          {words.legend.rate}: {rate === undefined ? words.notKnown : formatRate(rate)}
        </span>
        <span data-of="interval">
          {words.legend.interval}: {formatRate(interval.low)} – {formatRate(interval.high)}
        </span>
        <span data-of="tolerance">
          {words.legend.tolerance}: {formatRate(tolerance)}
        </span>
        <span data-of="noise">
          {words.legend.noise}: {noise === undefined ? words.notKnown : formatRate(noise)}
        </span>
      </figcaption>
    </figure>
  );
}

function percent(part: number): string {
  return `${part * 100}%`;
}
