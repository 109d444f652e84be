import { sparkline, type SparkPoint } from '../util/sparkline.js';
import classes from './Sparkline.module.css';

const SIZE = { width: 120, height: 24, margin: 3 };
const RADIUS = 2;

/** Values in a row as a small curve; `label` tells what it shows to those who do not see it. */
export function Sparkline({ label, points }: { readonly label: string; readonly points: readonly SparkPoint[] }) {
  const { lines, marks } = sparkline(points, SIZE);
  return (
    <svg className={classes['line']} width={SIZE.width} height={SIZE.height} role="img" aria-label={label}>
      {lines.map((line) => (
        <polyline key={line} points={line} />
      ))}
      {marks
        .filter(({ outcome }, at) => outcome !== 'good' || at === marks.length - 1)
        .map(({ x, y, outcome }) => (
          <circle key={x} cx={x} cy={y} r={RADIUS} data-outcome={outcome} />
        ))}
    </svg>
  );
}
