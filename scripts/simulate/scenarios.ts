import type { Scenario } from './traffic.ts';

const plain = { ratio: 1, meanBurst: 1, sharedOutages: 0, lostMinutes: 0 };

const steps = [0.01, 0.05, 0.1, 0.25, 0.5];
const always = (share: number) => (): number => share;
/** Twelve minutes at each of 1, 5, 10, 25 and 50 %. */
const ramp = (minute: number): number => steps[Math.floor(minute / 12)] ?? 0.5;

const traffic = {
  small: { name: '5 + 95 a minute, 0.5 %', unitsPerMinute: 100, badRate: 0.005, shareAt: always(0.05) },
  usual: { name: '20 + 180 a minute, 1 %', unitsPerMinute: 200, badRate: 0.01, shareAt: always(0.1) },
  large: { name: '100 + 900 a minute, 1 %', unitsPerMinute: 1_000, badRate: 0.01, shareAt: always(0.1) },
  rare: { name: '1000 + 9000 a minute, 0.1 %', unitsPerMinute: 10_000, badRate: 0.001, shareAt: always(0.1) },
  ramp: { name: 'ramp 1 to 50 %, 1000 a minute, 1 %', unitsPerMinute: 1_000, badRate: 0.01, shareAt: ramp },
};

const of = (kind: keyof typeof traffic, changes: Partial<Scenario>, note = ''): Scenario => ({
  ...plain,
  ...traffic[kind],
  ...changes,
  name: traffic[kind].name + note,
});

/** The row whose detection is promised: a rise to three times at 20 + 180 a minute and 1 %. */
export const promised: Scenario = of('usual', { ratio: 3 });

const kinds = ['small', 'usual', 'large', 'rare', 'ramp'] as const;

/** Candidates that are no worse, under all that traffic does. */
export const harmless: readonly Scenario[] = [
  ...kinds.map((kind) => of(kind, {})),
  ...kinds.flatMap((kind) =>
    [3, 5, 10].map((meanBurst) => of(kind, { meanBurst }, `, bursts of ${String(meanBurst)}`)),
  ),
  ...(['usual', 'ramp'] as const).map((kind) =>
    of(kind, { sharedOutages: 0.1 }, ', both arms broken 10 % of the time'),
  ),
  ...(['usual', 'ramp'] as const).map((kind) => of(kind, { lostMinutes: 0.05 }, ', 5 % of minutes lost')),
];

/** Candidates that are worse. */
export const harmful: readonly Scenario[] = [
  of('small', { ratio: 3 }),
  of('small', { ratio: 10 }),
  promised,
  of('usual', { ratio: 10 }),
  of('large', { ratio: 1.5 }),
  of('large', { ratio: 3 }),
  of('rare', { ratio: 1.5 }),
  of('rare', { ratio: 3 }),
  of('ramp', { ratio: 1.5 }),
  of('ramp', { ratio: 2 }),
  of('ramp', { ratio: 2, meanBurst: 3 }, ', bursts of 3'),
  of('ramp', { ratio: 2, meanBurst: 5 }, ', bursts of 5'),
  of('ramp', { ratio: 2, meanBurst: 10 }, ', bursts of 10'),
  of('ramp', { ratio: 2, sharedOutages: 0.1 }, ', both arms broken 10 % of the time'),
];
