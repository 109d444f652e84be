import { describe, expect, it } from '@jest/globals';
import { contentOf, edited, placeComplaints } from './draft.js';

interface Settings {
  readonly on: boolean;
  readonly rules: readonly { readonly id: string }[];
}

const begun = { version: 3, base: { on: false, rules: [{ id: 'a' }] } as Settings, changes: {} };

describe('a draft', () => {
  it('holds the fields that differ, and no others', () => {
    const draft = edited(begun, { on: true, rules: [{ id: 'a' }] });
    expect(draft?.changes).toEqual({ on: true });
    expect(draft && contentOf(draft)).toEqual({ on: true, rules: [{ id: 'a' }] });
  });

  it('leaves what others stored meanwhile, where it is stored over that', () => {
    const theirs: Settings = { on: false, rules: [{ id: 'theirs' }] };
    const draft = edited(begun, { on: true });
    expect(draft && contentOf({ ...draft, base: theirs })).toEqual({ on: true, rules: [{ id: 'theirs' }] });
  });

  it('is none once all is as it was', () => {
    const draft = edited(begun, { on: true });
    expect(draft && edited(draft, { on: false })).toBeUndefined();
  });
});

describe('complaints about what was sent', () => {
  const clause = { attribute: 'a', values: ['x', 'y'] };
  const rule = { id: 'r', clauses: [{ attribute: 'b' }, clause], serve: { split: { shares: [] } } };
  const sent = { rules: [{ id: 'q' }, rule], 'a/b': { x: 1 } };

  it.each<[string, string, object]>([
    ['a value to its clause', '/rules/1/clauses/1/values/0', clause],
    ['a list to the object that has it', '/rules/1/serve/split/shares', rule.serve.split],
    ['what is not there to what is around it', '/rules/1/description', rule],
    ['names with signs that are escaped', '/a~1b/x', sent['a/b']],
  ])('bring %s', (_name, pointer, place) => {
    expect(placeComplaints(sent, [{ message: 'No.', pointer }]).at).toEqual(new Map([[place, ['No.']]]));
  });

  it.each([null, '', '/rules', '/offVariation'])('leave %j to the whole', (pointer) => {
    const { at, rest } = placeComplaints(sent, [{ message: 'No.', pointer }]);
    expect([at.size, rest]).toEqual([0, ['No.']]);
  });

  it('keep several at one place', () => {
    const twice = ['One.', 'Two.'].map((message) => ({ message, pointer: '/rules/1/clauses/1/values' }));
    expect(placeComplaints(sent, twice).at.get(clause)).toEqual(['One.', 'Two.']);
  });
});
