import { describe, expect, it } from '@jest/globals';
import { covers, type Scope, touches } from './scope.js';

const project: Scope = [{ projectId: 'shop', environmentId: undefined }];
const environment: Scope = [
  { projectId: 'shop', environmentId: 'live' },
  { projectId: 'blog', environmentId: undefined },
];

describe('a scope', () => {
  it.each<[string, Scope, string | undefined, boolean]>([
    ['of the instance covers all of a project', 'instance', undefined, true],
    ['of the instance covers an environment', 'instance', 'live', true],
    ['of a project covers all of it', project, undefined, true],
    ['of a project covers its environments', project, 'live', true],
    ['of an environment covers it', environment, 'live', true],
    ['of an environment covers no other', environment, 'test', false],
    ['of an environment does not cover its project', environment, undefined, false],
    ['of nothing covers nothing', [], 'live', false],
  ])('%s', (_how, scope, environmentId, isCovered) => {
    expect(covers(scope, { projectId: 'shop', environmentId })).toBe(isCovered);
  });

  it('does not take an environment of one project for that of another', () => {
    expect(covers(project, { projectId: 'blog', environmentId: 'live' })).toBe(false);
    expect(covers(environment, { projectId: 'blog', environmentId: 'live' })).toBe(true);
  });

  it('touches projects of which it has anything', () => {
    expect(['shop', 'blog', 'bank'].map((id) => touches(environment, id))).toEqual([true, true, false]);
    expect(touches('instance', 'bank')).toBe(true);
    expect(touches([], 'shop')).toBe(false);
  });
});
