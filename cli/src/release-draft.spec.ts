import { describe, expect, it } from '@jest/globals';
import { type DraftParts, toReleaseDraft } from './release-draft.js';

const none: DraftParts = { file: undefined, project: 'shop', services: [], flags: [], runs: [], set: [] };
const draft = (parts: Partial<DraftParts>): object => toReleaseDraft({ ...none, ...parts });
const CART = { kind: 'flag', flag: 'new-cart', ramp: { variation: 'on' } };

describe('a release', () => {
  it('is made of flags alone, and started unless said', () => {
    expect(
      draft({ services: ['checkout@v2'], flags: ['new-cart=on'], environment: 'production', policy: 'quick' }),
    ).toEqual({
      project: 'shop',
      environment: 'production',
      policy: 'quick',
      changes: [{ kind: 'service', service: 'checkout', version: 'v2' }, CART],
      start: true,
    });
  });

  it('compares in the background first, and gives its flags a due date, where that is said', () => {
    const retired = { ...CART, retireAfterDays: 14 };
    const compared = { kind: 'parallelRun', run: 'price-v2' };
    expect(draft({ runs: ['price-v2'], flags: ['new-cart=on'], retireAfterDays: 14 })).toMatchObject({
      changes: [compared, retired],
    });
    // Of a file all is passed on; what is said beside it is of the flags said there.
    const file = { changes: [compared, retired] };
    expect(draft({ file, flags: ['other=on'], retireAfterDays: 0 })).toMatchObject({
      changes: [compared, retired, { ...CART, flag: 'other', retireAfterDays: 0 }],
    });
  });

  it('keeps a version that has "@" in it whole', () =>
    expect(draft({ services: ['checkout@web@2'] })).toMatchObject({ changes: [{ version: 'web@2' }] }));

  it('is what its file says, with what is said beside it on top', () => {
    const file = {
      project: 'elsewhere',
      environment: 'staging',
      name: 'Carts',
      changes: [CART],
      arguments: { hold: 60, limit: 1 },
      somethingNewer: [1],
    };
    expect(draft({ file, environment: 'production', set: ['limit=0.5', 'region=eu', 'ids=["a"]', 'q=a=b'] })).toEqual({
      project: 'shop',
      environment: 'production',
      name: 'Carts',
      changes: [CART],
      arguments: { hold: 60, limit: 0.5, region: 'eu', ids: ['a'], q: 'a=b' },
      somethingNewer: [1],
      start: true,
    });
  });

  it.each<[string, object, boolean | undefined, boolean]>([
    ['as its file says', { start: false }, undefined, false],
    ['as the command says', { start: false }, true, true],
    ['not now when it is scheduled', { scheduledAt: '2030-01-01T00:00:00Z' }, undefined, false],
    ['when nobody says otherwise', {}, undefined, true],
  ])('starts %s', (_name, file, start, expected) =>
    expect(draft({ file: { ...file, changes: [CART] }, start })).toMatchObject({ start: expected }),
  );

  it.each<[string, Partial<DraftParts>, string]>([
    ['changes nothing', {}, 'changes something'],
    ['has a file that is a list', { file: [] }, 'must be an object'],
    ['has changes that are no list', { file: { changes: {} } }, 'must be a list'],
    ['may mean to start or not', { file: { changes: [CART], start: 'no' } }, '"start" must be true or false'],
    ['names a service without a version', { services: ['checkout'] }, 'checkout@v2'],
    ['names a flag without a variation', { flags: ['new-cart'] }, 'new-cart=on'],
    ['retires flags that it does not name', { runs: ['price-v2'], retireAfterDays: 14 }, '--flag'],
    ['sets a parameter without a value', { flags: ['a=on'], set: ['limit'] }, 'maximum=0.02'],
  ])('is refused as usage when it %s', (_name, parts, words) =>
    expect(() => draft(parts)).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringContaining(words) }),
    ),
  );
});
