import type { AccessToken } from '../../src/auth/index.js';
import { idNumber } from '../fakes/sequential-ids.js';

/** An admin token of the whole instance, without end, unless said. */
export function aToken(overrides: Partial<AccessToken> = {}): AccessToken {
  return {
    id: idNumber(3),
    kind: 'admin',
    name: 'release manager',
    projectId: null,
    environmentId: null,
    hash: 'hash-of-a-token',
    hint: 'wxyz',
    createdAt: new Date('2026-01-01T00:00:00.000Z'),
    expiresAt: null,
    revokedAt: null,
    replacesId: null,
    owner: null,
    createdBy: null,
    ...overrides,
  };
}
