import { expect, it } from '@jest/globals';
import { type ClientState, type Standing, stateOf } from './status.js';

const standing: Standing = {
  isInitializing: false,
  hasSnapshot: true,
  problem: undefined,
  silentMs: 0,
  staleAfterMs: 60_000,
};
const refused = { code: 'TOKEN_REFUSED', message: '' } as const;
const unreachable = { code: 'UNREACHABLE', message: '' } as const;

it.each<[string, Partial<Standing>, ClientState]>([
  ['is ready with a snapshot and a control plane just heard', {}, 'ready'],
  ['stays ready through a short trouble', { problem: unreachable, silentMs: 59_999 }, 'ready'],
  ['is stale when the control plane has been silent', { silentMs: 60_000 }, 'stale'],
  ['is stale while only the disk copy is known', { silentMs: undefined, problem: unreachable }, 'stale'],
  ['is in error without a snapshot', { hasSnapshot: false, silentMs: undefined }, 'error'],
  ['is in error while the token is refused, whatever it serves', { problem: refused }, 'error'],
  [
    'is initialising until the verdict',
    { isInitializing: true, hasSnapshot: false, silentMs: undefined },
    'initializing',
  ],
  ['is initialising on the disk copy until the verdict', { isInitializing: true, silentMs: undefined }, 'initializing'],
  ['is ready before the verdict when heard', { isInitializing: true }, 'ready'],
  ['is in error at once when refused', { isInitializing: true, problem: refused }, 'error'],
])('%s', (_name, changes, expected) => expect(stateOf({ ...standing, ...changes })).toBe(expected));
