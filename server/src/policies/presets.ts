import { completePolicy } from './parse-policy.js';
import type { PolicyDocument } from './policy.js';
import type { Json } from '../kernel/json.js';

/** A policy for who does not want to write one. */
export interface Preset {
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly document: PolicyDocument;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const failures = { kind: 'failures', name: 'failures' };

/** What a parallel run goes through before its candidate is given to anybody. */
const SAMPLING_STEPS = [
  { share: 0, sampling: 100, holdSeconds: 5 * MINUTE },
  { share: 0, sampling: 1_000, holdSeconds: 5 * MINUTE },
  { share: 0, sampling: 10_000, holdSeconds: 10 * MINUTE },
  { share: 0, sampling: 50_000, gates: [{ kind: 'certificate' }] },
];

const make = (key: string, name: string, description: string, document: Json): Preset => ({
  key,
  name,
  description,
  document: completePolicy({ document, parameters: [] }, {}),
});

/** Known in every project by these keys, unless it has a policy of its own under one of them. */
export const PRESETS: readonly Preset[] = [
  make('standard', 'Standard', 'Five steps over an hour, judged by failing callers; holds while it does not know.', {
    steps: [
      { share: 1_000, holdSeconds: 10 * MINUTE, minimumUnits: 100 },
      { share: 5_000, holdSeconds: 10 * MINUTE, minimumUnits: 200 },
      { share: 25_000, holdSeconds: 15 * MINUTE, minimumUnits: 500 },
      { share: 50_000, holdSeconds: 15 * MINUTE, minimumUnits: 500 },
      { share: 100_000, holdSeconds: 10 * MINUTE },
    ],
    metrics: [failures],
    bakeSeconds: 10 * MINUTE,
  }),
  make('cautious', 'Cautious', 'Seven steps over a day; a person approves the second half.', {
    steps: [
      { share: 100, holdSeconds: 30 * MINUTE, minimumUnits: 100 },
      { share: 1_000, holdSeconds: HOUR, minimumUnits: 500 },
      { share: 5_000, holdSeconds: 2 * HOUR, minimumUnits: 1_000 },
      { share: 10_000, holdSeconds: 2 * HOUR, minimumUnits: 1_000 },
      { share: 25_000, holdSeconds: 4 * HOUR, minimumUnits: 1_000, gates: [{ kind: 'approval' }] },
      { share: 50_000, holdSeconds: 4 * HOUR, minimumUnits: 1_000 },
      { share: 100_000, holdSeconds: 2 * HOUR },
    ],
    metrics: [failures],
    bakeSeconds: 8 * HOUR,
    onDeadline: { afterSeconds: 3 * DAY, action: 'hold' },
  }),
  make('quick', 'Quick', 'Three steps in a quarter of an hour, for services with much traffic.', {
    steps: [
      { share: 5_000, holdSeconds: 5 * MINUTE, minimumUnits: 500 },
      { share: 50_000, holdSeconds: 5 * MINUTE, minimumUnits: 1_000 },
      { share: 100_000, holdSeconds: 5 * MINUTE },
    ],
    metrics: [failures],
    bakeSeconds: 5 * MINUTE,
  }),
  make('parallel-run', 'Parallel run', 'Samples more and more calls, and ends with a certificate; serves nobody.', {
    steps: [...SAMPLING_STEPS, { share: 100_000 }],
    onDeadline: { afterSeconds: 7 * DAY, action: 'hold' },
  }),
  make(
    'proven',
    'Proven',
    'Compares in the background until the candidate is certified, then serves it in four steps, compared all the while.',
    {
      steps: [
        ...SAMPLING_STEPS,
        { share: 1_000, holdSeconds: 10 * MINUTE, minimumUnits: 100 },
        { share: 10_000, holdSeconds: 10 * MINUTE, minimumUnits: 200 },
        { share: 50_000, holdSeconds: 15 * MINUTE, minimumUnits: 500 },
        { share: 100_000, holdSeconds: 10 * MINUTE },
      ],
      metrics: [failures],
      bakeSeconds: DAY,
      onDeadline: { afterSeconds: 7 * DAY, action: 'hold' },
    },
  ),
  make('blue-green', 'Blue/green', 'A person looks at the candidate at 0 %, then everybody gets it at once.', {
    steps: [{ share: 0, gates: [{ kind: 'approval' }] }, { share: 100_000 }],
    bakeSeconds: 30 * MINUTE,
  }),
  make('all-at-once', 'All at once', 'Everybody gets it now; it can be rolled back for ten minutes.', {
    steps: [{ share: 100_000 }],
    bakeSeconds: 10 * MINUTE,
  }),
];

export function findPreset(key: string): Preset | undefined {
  return PRESETS.find((preset) => preset.key === key);
}
