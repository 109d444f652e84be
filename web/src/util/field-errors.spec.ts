import { describe, expect, it } from '@jest/globals';
import { hasPath, placeProblems, type Problem } from './field-errors.js';

const values = { name: '', rules: [{ share: 1, 'a/b': '' }], tags: undefined };
const has = (path: string): boolean => hasPath(values, path);
const problem = (pointer: string | null, message = 'Mend it.'): Problem => ({
  kind: 'invalid',
  code: 'X',
  message,
  pointer,
});

describe('problems of a form', () => {
  it.each<[string, string, string]>([
    ['a field', '/name', 'name'],
    ['a field within a list', '/rules/0/share', 'rules.0.share'],
    ['the nearest around it', '/rules/0/share/unit', 'rules.0.share'],
    ['a name with a slash', '/rules/0/a~1b', 'rules.0.a/b'],
    ['one that is not filled in yet', '/tags/3', 'tags'],
  ])('stand at %s', (_name, pointer, field) => {
    expect(placeProblems([problem(pointer)], has)).toEqual({ fields: { [field]: 'Mend it.' }, rest: [] });
  });

  it('stand over the form where no field is theirs', () => {
    const all = [problem(null), problem('/other')];
    expect(placeProblems(all, has)).toEqual({ fields: {}, rest: all });
  });

  it('stand where the form says', () => {
    expect(placeProblems([problem('/document/key')], has, { '/document/key': 'name' }).fields).toEqual({
      name: 'Mend it.',
    });
  });

  it('are all told, also of one field', () => {
    expect(placeProblems([problem('/name', 'One.'), problem('/name', 'Two.')], has).fields).toEqual({
      name: 'One. Two.',
    });
  });
});
