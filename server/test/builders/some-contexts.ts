import type { EvaluationContext, JsonValue } from '@sluice/sdk/evaluation';

/** Every kind of thing that a clause may meet in an attribute. */
const MET: readonly JsonValue[] = [
  ...[null, '', 'pro', 'pro plan', 'a pro', 'Pro', '5', '10', 'Zürich', 'plan 😀'],
  ...[
    0,
    -0.5,
    4,
    5,
    1e21,
    true,
    false,
    {},
    { a: 1 },
    [],
    ['pro'],
    ['x', 'pro plan', 7],
    [null],
    [5, 'x'],
    [[5]],
    [['pro']],
  ],
  ...[
    '1.2.3',
    '1.2',
    '1',
    'v1.9.0',
    'V1.2.3',
    'vv1.2.3',
    ' 1.2.3',
    '1.2.3 ',
    '1.2.3\n',
    '1.2.3-rc.1',
    '1.2.3+b',
    '2.0.0',
    '1.2.3.4',
  ],
];
/** Contexts that have, or have not, a plan and a targetingKey. */
export const CONTEXTS: readonly EvaluationContext[] = [
  {},
  ...MET.flatMap((plan) => [{ plan }, { targetingKey: 'ada', plan, address: { plan } }, { targetingKey: 'bob', plan }]),
  ...['eve', 'joe', '', 'user-7'].map((targetingKey) => ({ targetingKey, plan: 'pro' })),
  { targetingKey: 'eve', address: 'pro' },
];
