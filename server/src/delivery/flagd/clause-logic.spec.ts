import { describe, expect, it } from '@jest/globals';
import { FlagdCore } from '@openfeature/flagd-core';
import { type Clause, compileSnapshot, type SnapshotFlag, type SnapshotSegment } from '@sluice/sdk/evaluation';
import { aFlag, aRule, aSnapshot, not, on } from '../../../test/builders/a-snapshot.js';
import { CONTEXTS } from '../../../test/builders/some-contexts.js';
import { askOurselves, disagreements } from '../../../test/clients/flagd-core.js';
import { exportEnvironment } from './export-environment.js';

const exported = (flags: readonly SnapshotFlag[], segments: readonly SnapshotSegment[] = []) =>
  exportEnvironment(compileSnapshot(aSnapshot(flags, segments)));

const E = { var: '' };
const IS_TEXT = { '===': [{ cat: ['', E] }, E] };
const IS_NUMBER = {
  and: [
    { '!==': [E, null] },
    { '!': [IS_TEXT] },
    { in: [{ substr: [{ cat: ['', E] }, 0, 1] }, '-0123456789I'] },
    { in: [E, { merge: [E] }] },
  ],
};
const some = (attribute: string, test: unknown): unknown => ({ some: [{ merge: [{ var: attribute }] }, test] });
const PLANS = { '!==': [{ var: 'plan' }, null] };
const BETA: SnapshotSegment = {
  key: 'beta',
  included: ['ada'],
  excluded: ['bob'],
  rules: [{ clauses: [on('plan', 'in', 'pro')] }],
};

describe('a clause in JsonLogic', () => {
  it.each<[string, Clause, unknown]>([
    ['in', on('plan', 'in', 'pro', 5, true), some('plan', { in: [E, ['pro', 5, true]] })],
    ['in, negated', not(on('plan', 'in', 'pro')), { and: [PLANS, { '!': [some('plan', { in: [E, ['pro']] })] }] }],
    ['of a pointer', on('/address/plan', 'in', 'pro'), some('address.plan', { in: [E, ['pro']] })],
    [
      'startsWith',
      on('plan', 'startsWith', 'pro'),
      {
        or: [
          { starts_with: [{ var: 'plan' }, 'pro'] },
          some('plan', { and: [IS_TEXT, { '===': [{ substr: [E, 0, 3] }, 'pro'] }] }),
        ],
      },
    ],
    [
      'endsWith',
      on('plan', 'endsWith', 'pro'),
      {
        or: [
          { ends_with: [{ var: 'plan' }, 'pro'] },
          some('plan', { and: [IS_TEXT, { '===': [{ substr: [E, -3, 3] }, 'pro'] }] }),
        ],
      },
    ],
    ['contains', on('plan', 'contains', 'ro'), some('plan', { and: [IS_TEXT, { in: ['ro', E] }] })],
    ['lessThan', on('plan', 'lessThan', 5), some('plan', { and: [IS_NUMBER, { '<': [E, 5] }] })],
    [
      'lessThanOrEqual of several values',
      on('plan', 'lessThanOrEqual', 4, 5),
      some('plan', { and: [IS_NUMBER, { or: [{ '<=': [E, 4] }, { '<=': [E, 5] }] }] }),
    ],
    [
      'greaterThan, negated',
      not(on('plan', 'greaterThan', 4)),
      { and: [PLANS, { '!': [some('plan', { and: [IS_NUMBER, { '>': [E, 4] }] })] }] },
    ],
    ['greaterThanOrEqual', on('plan', 'greaterThanOrEqual', 4), some('plan', { and: [IS_NUMBER, { '>=': [E, 4] }] })],
    ['exists', on('plan', 'exists'), PLANS],
    ['exists, negated', not(on('plan', 'exists')), { '!': [PLANS] }],
    ['inSegment', on('', 'inSegment', 'beta', 'nobody'), { $ref: 'segment.beta' }],
    ['inSegment, negated', not(on('', 'inSegment', 'beta')), { '!': [{ $ref: 'segment.beta' }] }],
  ])('%s', (_name, clause, logic) => {
    const flag = aFlag({ rules: [aRule(clause)] });
    const { document, uncarried } = exported([flag], [BETA]);
    expect(uncarried).toEqual([]);
    expect(document.flags['flag']?.targeting).toEqual({ if: [logic, 'b', null] });
    expect(disagreements(aSnapshot([flag], [BETA]), CONTEXTS)).toEqual([]);
  });

  it.each([
    ['>=1.2.0'],
    ['<2'],
    ['^1.2'],
    ['~1.2.3'],
    ['1.x || 2.x'],
    ['>=1.2.3-rc.0 <2'],
    ['*'],
    ['=1.2.3'],
    ['1.2.3 - 2'],
    ['>*'],
  ])('semver %s, of what is no list', (range) => {
    for (const clause of [on('plan', 'semver', range), not(on('plan', 'semver', range))]) {
      const flag = aFlag({ rules: [aRule(clause)] });
      expect(exported([flag]).uncarried).toEqual([]);
      expect(
        disagreements(
          aSnapshot([flag]),
          CONTEXTS.filter(({ plan }) => !Array.isArray(plan)),
        ),
      ).toEqual([]);
    }
  });

  it('semver of a list is an error, for flagd knows no sem_ver of its elements', () => {
    const segment = { ...BETA, rules: [{ clauses: [on('plan', 'semver', '^1')] }] };
    const flag = aFlag({ rules: [aRule(on('', 'inSegment', 'beta'))] });
    const snapshot = aSnapshot([flag], [segment]);
    expect(askOurselves(snapshot)(flag, { plan: ['1.2.3'] }).variant).toBe('b');
    const core = new FlagdCore();
    core.setConfigurations(JSON.stringify(exportEnvironment(compileSnapshot(snapshot)).document));
    const answer = core.resolveStringEvaluation('flag', 'default', { plan: ['1.2.3'] });
    expect(answer).toMatchObject({ value: 'default', reason: 'ERROR', errorCode: 'GENERAL' });
  });

  it.each<[string, Clause, string]>([
    ['a pattern', on('plan', 'matches', '^pro'), 'flagd has no regular expressions.'],
    ['a block of addresses', on('plan', 'cidr', '10.0.0.0/8'), 'flagd has no blocks of addresses.'],
    ['a date', on('plan', 'before', '2026-01-01T00:00:00Z'), 'flagd does not read dates.'],
    ['a date, epoch', on('plan', 'after', 5), 'flagd does not read dates.'],
    ['an operator of tomorrow', on('plan', 'near', 5), 'The operator "near" is not known to this server; update it.'],
    ['an unreadable value', on('plan', 'lessThan', '5'), 'A value of this clause cannot be read; correct it.'],
    ['an unreadable range', on('plan', 'semver', 'newest'), 'A value of this clause cannot be read; correct it.'],
    [
      'a key with a dot',
      on('first.name', 'in', 'ada'),
      'flagd cannot read the attribute "first.name": in its paths a dot parts names, and cannot be part of one.',
    ],
    [
      'a place in a list',
      on('/groups/0', 'in', 'ada'),
      'flagd cannot read the attribute "/groups/0": "0" would also be found where nobody has set it.',
    ],
    [
      'the length of a text',
      on('/plan/length', 'in', 3),
      'flagd cannot read the attribute "/plan/length": "length" would also be found where nobody has set it.',
    ],
    [
      'what every object inherits',
      on('constructor', 'exists'),
      'flagd cannot read the attribute "constructor": "constructor" would also be found where nobody has set it.',
    ],
    [
      'what flagd adds',
      on('/$flagd/timestamp', 'exists'),
      'flagd cannot read the attribute "/$flagd/timestamp": "$flagd" is not the caller\'s to set.',
    ],
    ['an empty name', on('/', 'exists'), 'flagd cannot read the attribute "/": its paths have no empty names.'],
  ])('is reported when it asks for %s, and the flag is left out', (_name, clause, reason) => {
    const { document, uncarried } = exported([aFlag({ rules: [aRule(on('plan', 'exists'), clause)] })]);
    expect(uncarried).toEqual([{ flag: 'flag', path: 'rules[0].clauses[1]', reason }]);
    expect(document.flags).toEqual({});
    expect(document.metadata).toEqual({ flagSetId: 'shop/live', version: '12', uncarried: 'flag' });
  });
});
