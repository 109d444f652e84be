import type { FakeControlPlane } from './fake-control-plane.js';

export const ROLLOUT = '0199a0b2-0000-7000-8000-000000000001';

/** What the control plane was told, each batch once: `ramp flag/cart candidate unit` to n/bad, as text. */
export function measured(plane: FakeControlPlane): Record<string, string> {
  const sums = new Map<string, { n: number; bad: number }>();
  for (const { measurements = [] } of plane.batches.values()) {
    for (const { rollout, subject, arm, metric, n, bad } of measurements) {
      // Callers met are counted beside every arm; `measurements.spec.ts` tells of them.
      if (metric === 'exposed') continue;
      const place = `${rollout === null ? 'ordinary' : 'ramp'} ${subject} ${arm} ${metric}`;
      const known = sums.get(place) ?? { n: 0, bad: 0 };
      sums.set(place, { n: known.n + n, bad: known.bad + bad });
    }
  }
  return Object.fromEntries(Array.from(sums, ([place, { n, bad }]) => [place, `${n}/${bad}`]));
}
