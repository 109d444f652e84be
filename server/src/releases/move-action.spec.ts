import { expect, it } from '@jest/globals';
import { aRollout } from '../../test/builders/a-rollout.js';
import type { Rollout, RolloutMove } from '../rollouts/index.js';
import { moveAction } from './move-action.js';

type Ramp = Rollout['ramp'];

const rollout = aRollout();
const because = (code: Ramp['reason']['code']): Pick<Ramp, 'reason'> => ({ reason: { code, sentence: 'So it is.' } });
const at = (ramp: Partial<Ramp>): Rollout => ({ ...rollout, ramp: { ...rollout.ramp, ...ramp } });
const reaching = at({ phase: 'reaching', ...because('REACHING') });
const watching = at({ phase: 'watching', ...because('WATCHING') });
const paused = at({ phase: 'watching', ...because('PAUSED') });

it.each<[string, Rollout, Rollout, Partial<RolloutMove>]>([
  ['advanced', watching, at({ stepIndex: 1, phase: 'reaching', ...because('REACHING') }), {}],
  ['reached', reaching, watching, {}],
  ['bakeBegun', watching, at({ phase: 'baking', ...because('BAKING') }), {}],
  ['waited', watching, at({ phase: 'watching', ...because('REACHING') }), {}],
  ['held', watching, paused, {}],
  ['held', reaching, watching, { isPage: true }],
  ['resumed', paused, watching, {}],
  ['resumed', at({ phase: 'reaching', ...because('DEADLINE_PASSED') }), watching, {}],
  ['released', watching, { ...watching, status: 'released' }, {}],
])('calls a move %s', (action, before, after, more) =>
  expect(moveAction({ before, after, isPage: false, ...more })).toBe(action),
);
