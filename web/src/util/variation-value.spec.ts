import { describe, expect, it } from '@jest/globals';
import {
  firstVariations,
  previewValue,
  readValue,
  sizeOfValue,
  type VariationType,
  writeValue,
} from './variation-value.js';

describe('the value of a variation', () => {
  it.each<[VariationType, Parameters<typeof writeValue>[1], string]>([
    ['boolean', true, 'true'],
    ['string', ' a "text" ', ' a "text" '],
    ['number', -2.5, '-2.5'],
    ['json', { a: [1, null] }, '{\n  "a": [\n    1,\n    null\n  ]\n}'],
  ])('of type %s is written as text and read again', (type, value, text) => {
    expect(writeValue(type, value)).toBe(text);
    expect(readValue(type, text)).toEqual({ isRead: true, value });
  });

  it.each<[VariationType, string]>([
    ['number', ''],
    ['number', 'ten'],
    ['number', 'Infinity'],
    ['json', '{"a": }'],
    ['json', ''],
  ])('of type %s is not read from %j', (type, text) => {
    expect(readValue(type, text)).toMatchObject({ isRead: false });
  });

  it('has a beginning in one line, and a size in bytes', () => {
    expect(previewValue({ a: 'b' }, 20)).toBe('{"a":"b"}');
    expect(previewValue({ a: 'bcdefgh' }, 8)).toBe('{"a":"b…');
    expect([sizeOfValue('é'), sizeOfValue('x'.repeat(3_198)), sizeOfValue('x'.repeat(1_100_000))]).toEqual([
      '4 B',
      '3.2 kB',
      '1.1 MB',
    ]);
  });

  it.each<VariationType>(['boolean', 'string', 'json'])('of type %s has one to begin with that is read', (type) => {
    expect(firstVariations(type).every(({ value }) => readValue(type, value).isRead)).toBe(true);
  });
});
