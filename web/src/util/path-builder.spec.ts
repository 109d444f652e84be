import { describe, expect, it } from '@jest/globals';
import { pb, withSearch } from './path-builder.js';

const at = { project: 'shop', environment: 'production' };

describe('the path builder', () => {
  it('knows every path', () => {
    const paths = Object.values(pb).map((build) => (build as (...args: unknown[]) => string)(at, 'k'));
    expect(new Set(paths).size).toBe(paths.length);
    for (const each of paths) expect(each).toMatch(/^\//u);
  });

  it.each<[string, string]>([
    ['checkout', '/projects/shop/flags/checkout?environment=production'],
    ['team/a:b.c_d-e', '/projects/shop/flags/team%2Fa%3Ab.c_d-e?environment=production'],
  ])('encodes the key %s', (key, expected) => expect(pb.flag(at, key)).toBe(expected));

  it('leaves out what is not said', () => {
    expect(pb.flags({ project: 'shop' })).toBe('/projects/shop/flags');
    expect(pb.signIn('/')).toBe('/sign-in');
    expect(pb.signIn('/projects/a?b=c')).toBe('/sign-in?to=%2Fprojects%2Fa%3Fb%3Dc');
  });

  it('changes what stands behind the question mark, and leaves the rest', () => {
    expect(withSearch('/a?b=1&c=2', { c: undefined, d: 'x y' })).toBe('/a?b=1&d=x+y');
    expect(withSearch('/a?b=1', { b: '' })).toBe('/a');
  });
});
