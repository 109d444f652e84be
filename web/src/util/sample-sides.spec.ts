import { expect, it } from '@jest/globals';
import { sampleSides } from './sample-sides.js';

const raw = (text: string) => ({ absent: false, digest: null, raw: text });
const digest = (text: string) => ({ absent: false, digest: text, raw: null });
const absent = { absent: true, digest: null, raw: null };

it('puts values side by side as they left the services: as they are, by digest, or not at all', () => {
  expect(
    sampleSides([
      { path: '$.price', control: raw('12.5'), candidate: raw('12') },
      { path: '$.mail', control: digest('00aa'), candidate: digest('11bb') },
      { path: '$.note', control: raw('"a"'), candidate: absent },
    ]),
  ).toEqual({
    control: { '$.price': 12.5, '$.mail': 'digest 00aa', '$.note': 'a' },
    candidate: { '$.price': 12, '$.mail': 'digest 11bb' },
    hasDigests: true,
  });
});

it('says that no value is hidden where none is, and shows text that is no JSON as it is', () => {
  expect(sampleSides([{ path: '$', control: raw('{'), candidate: absent }])).toEqual({
    control: { $: '{' },
    candidate: {},
    hasDigests: false,
  });
});
