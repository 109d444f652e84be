import { describe, expect, it } from '@jest/globals';
import {
  EMPTY_CHANGES,
  EMPTY_RELEASE,
  isWhole,
  readKeptDraft,
  type ReleaseDraft,
  seeded,
  toReleaseDocument,
  toTraffic,
  type WrittenFlagChange,
} from './release-draft.js';

const PLACE = { project: 'shop', environment: 'production' };
const flag: WrittenFlagChange = { ...EMPTY_CHANGES.flag, flag: ' new-cart ', variation: 'on' };
const draft: ReleaseDraft = { ...EMPTY_RELEASE, changes: [flag] };
const changeOf = (written: Partial<WrittenFlagChange>) =>
  toReleaseDocument({ ...draft, changes: [{ ...flag, ...written }] }, PLACE);

describe('the document of a release', () => {
  it('says what was said, and no more', () => {
    expect(toReleaseDocument(draft, PLACE)).toEqual({
      ...PLACE,
      changes: [{ kind: 'flag', flag: 'new-cart', ramp: { variation: 'on' } }],
      policy: 'standard',
      start: true,
    });
  });

  it('says all that there is to say', () => {
    const service = { ...EMPTY_CHANGES.service, service: 'checkout', version: '2.0.0', digest: 'sha256:00' };
    const run = { ...EMPTY_CHANGES.parallelRun, run: 'price' };
    const all: ReleaseDraft = {
      ...{ ...draft, name: 'Cart', description: 'Why', policy: 'own', begin: 'draft', overrideRejection: 'Mended' },
      changes: [{ ...flag, rule: 'r1', bucketBy: 'company', on: 'off', retireAfterDays: '30' }, service, run],
      arguments: { hold: '600', url: 'https://example.com', left: ' ' },
    };
    expect(toReleaseDocument(all, PLACE)).toEqual({
      ...PLACE,
      ...{ name: 'Cart', description: 'Why', policy: 'own', overrideRejection: 'Mended' },
      arguments: { hold: 600, url: 'https://example.com' },
      changes: [
        {
          ...{ kind: 'flag', flag: 'new-cart', edit: { on: false }, retireAfterDays: 30 },
          ramp: { variation: 'on', rule: 'r1', bucketBy: 'company' },
        },
        { kind: 'service', service: 'checkout', version: '2.0.0', digest: 'sha256:00' },
        { kind: 'parallelRun', run: 'price' },
      ],
    });
  });

  it.each<[string, Partial<WrittenFlagChange>, object]>([
    ['everybody', { serve: 'on' }, { variation: 'on' }],
    ['100 %', { serve: 'on', share: '100 %' }, { variation: 'on' }],
    [
      'a part',
      { serve: 'on', share: '12,5', rest: 'off' },
      {
        split: {
          shares: [
            { variation: 'on', share: 12_500 },
            { variation: 'off', share: 87_500 },
          ],
        },
      },
    ],
    [
      'what is no share, as it was typed',
      { serve: 'on', share: 'half', rest: 'off' },
      {
        split: {
          shares: [
            { variation: 'on', share: 'half' },
            { variation: 'off', share: 100_000 },
          ],
        },
      },
    ],
  ])('serves a variation to %s from the start', (_name, written, defaultServe) => {
    expect(changeOf({ ...written, variation: '' })).toMatchObject({
      changes: [{ kind: 'flag', flag: 'new-cart', edit: { defaultServe } }],
    });
  });

  it('tells a time as an instant, and what is none as it was typed', () => {
    const at = (scheduledAt: string) => toReleaseDocument({ ...draft, begin: 'at', scheduledAt }, PLACE);
    const local = new Date(2027, 2, 1, 9, 30);
    expect(at('2027-03-01T09:30')).toMatchObject({ scheduledAt: local.toISOString() });
    expect(at('soon')).toMatchObject({ scheduledAt: 'soon' });
    expect(at('soon')).not.toHaveProperty('start');
  });
});

describe('a draft', () => {
  it('is read again as it was kept, and not where it is another thing', () => {
    expect(readKeptDraft(JSON.stringify(draft))).toEqual(draft);
    expect(readKeptDraft(undefined)).toBeUndefined();
    expect(readKeptDraft('{')).toBeUndefined();
    expect(readKeptDraft('{"name":"x"}')).toBeUndefined();
    expect(readKeptDraft(JSON.stringify({ ...draft, changes: [{ kind: 'flag' }] }))).toBeUndefined();
  });

  it('takes what a link says once', () => {
    const seed = { policy: 'quick', flag: 'tax', service: '', version: '', run: '' };
    const once = seeded(draft, seed);
    expect(once).toMatchObject({ policy: 'quick', changes: [flag, { kind: 'flag', flag: 'tax' }] });
    expect(seeded(once, seed)).toBe(once);
  });

  it('knows which changes are whole', () => {
    expect([flag, { ...flag, variation: '' }, EMPTY_CHANGES.service, EMPTY_CHANGES.parallelRun].map(isWhole)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it('tells the traffic of its one service', () => {
    const service = (key: string) => ({ ...EMPTY_CHANGES.service, service: key });
    const traffic = { unitsPerMinute: '200', badPercent: '0,5' };
    expect(toTraffic({ ...traffic, changes: [service('checkout'), flag] })).toEqual({
      ...{ subject: 'service/checkout', unitsPerMinute: 200, badRate: 0.005 },
    });
    expect(toTraffic({ ...draft, changes: [service('a'), service('b')] })).toEqual({
      ...{ subject: null, unitsPerMinute: null, badRate: null },
    });
  });
});
