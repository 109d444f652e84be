import { describe, expect, it } from '@jest/globals';
import { aFlag, aRule } from '../../test/builders/a-flag.js';
import { someSettings } from '../../test/builders/settings.js';
import { toSnapshotFlag, untouchedSettings } from './flag.js';

describe('untouchedSettings', () => {
  it('are off, serve the last variation, and the first once on', () => {
    expect(untouchedSettings(aFlag())).toMatchObject({
      on: false,
      offVariation: 'off',
      defaultServe: { variation: 'on' },
      version: 0,
      updatedAt: null,
    });
  });
});

describe('toSnapshotFlag', () => {
  it('tells evaluators what they need and nothing for people', () => {
    const flag = aFlag({ owner: 'payments', description: 'secret plans', tags: ['q3'], metadata: { team: 'cart' } });
    const settings = someSettings({ rules: [aRule({ description: 'Austria first' })], version: 7 });
    expect(toSnapshotFlag(flag, settings)).toEqual({
      key: 'new-cart',
      type: 'boolean',
      version: 7,
      on: true,
      variations: flag.variations,
      offVariation: 'off',
      targets: [],
      rules: [{ id: 'rule-1', clauses: aRule().clauses, serve: { variation: 'on' } }],
      defaultServe: { variation: 'on' },
      prerequisites: [],
      metadata: { team: 'cart' },
    });
  });

  it('leaves out what there is nothing to say of', () => {
    const snapshot = toSnapshotFlag(aFlag(), someSettings({ offVariation: null, defaultServe: null }));
    expect(Object.keys(snapshot)).not.toEqual(expect.arrayContaining(['offVariation']));
    expect('defaultServe' in snapshot || 'metadata' in snapshot).toBe(false);
  });
});
