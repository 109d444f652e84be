import { describe, expect, it } from '@jest/globals';
import { aRequestContext } from '../../test/builders/a-request-context.js';
import {
  environmentsInScope,
  isInScope,
  isPartlyInScope,
  projectsInScope,
  refuseShortfall,
  requireInstanceScope,
  requireProjectScope,
} from './request-context.js';
import type { Scope } from './scope.js';

const of = (scope: Scope, more: Parameters<typeof aRequestContext>[0] = {}) => aRequestContext({ scope, ...more });
const shop = { projectId: 'shop', environmentId: undefined };
const live = { projectId: 'shop', environmentId: 'live' };
const tooNarrow = expect.objectContaining({ kind: 'forbidden', code: 'SCOPE_TOO_NARROW' });
const anna = { kind: 'person', id: 'anna', name: 'Anna' } as const;

describe('where a caller may act', () => {
  it('is asked of the whole instance, of all of a project, and of an environment', () => {
    expect(() => requireInstanceScope(of('instance'))).not.toThrow();
    expect(() => requireInstanceScope(of([shop]))).toThrow(tooNarrow);
    expect(() => requireProjectScope(of([shop]), 'shop')).not.toThrow();
    expect(() => requireProjectScope(of([live]), 'shop')).toThrow(tooNarrow);
    expect([isInScope(of([live]), 'shop', 'live'), isInScope(of([live]), 'shop', 'test')]).toEqual([true, false]);
    expect([isPartlyInScope(of([live]), 'shop'), isPartlyInScope(of([live]), 'blog')]).toEqual([true, false]);
  });

  it('narrows lists to projects and to environments, each named once', () => {
    const blog = { projectId: 'blog', environmentId: 'test' };
    expect(projectsInScope(of('instance'))).toBeUndefined();
    expect(projectsInScope(of([live, { ...live, environmentId: 'test' }, blog]))).toEqual(['shop', 'blog']);
    expect(environmentsInScope(of('instance'), 'shop')).toBeUndefined();
    expect(environmentsInScope(of([live, shop]), 'shop')).toBeUndefined();
    expect(environmentsInScope(of([live, blog]), 'shop')).toEqual(['live']);
    expect(environmentsInScope(of([blog]), 'shop')).toEqual([]);
  });

  it('tells people and tokens in their own words', () => {
    expect(() => requireInstanceScope(of([shop], { actor: anna }))).toThrow(/^You may/u);
    expect(() => requireInstanceScope(of([shop]))).toThrow(/^This token/u);
  });
});

describe('a person who sees more than they may do', () => {
  const ctx = of([live], {
    actor: anna,
    shortfall: {
      permission: 'flag.write',
      sight: [live, { projectId: 'blog', environmentId: 'test' }],
      sentence: 'No.',
    },
  });
  const missing = expect.objectContaining({
    code: 'PERMISSION_MISSING',
    message: 'No.',
    data: { permission: 'flag.write' },
  });

  it('is told what is missing where they see', () => {
    expect(() => refuseShortfall(ctx, { projectId: 'blog', environmentId: undefined })).toThrow(missing);
    expect(() => refuseShortfall(ctx, { projectId: 'blog', environmentId: 'test' })).toThrow(missing);
    expect(() => requireProjectScope(ctx, 'blog')).toThrow(missing);
  });

  it('is told nothing of what they do not see', () => {
    expect(() => refuseShortfall(ctx, { projectId: 'bank', environmentId: undefined })).not.toThrow();
    expect(() => refuseShortfall(ctx, { projectId: 'blog', environmentId: 'live' })).not.toThrow();
  });
});
