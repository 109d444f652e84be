import { expect, it } from '@jest/globals';
import { gatesSection } from './gates.js';

const secretOf = (bytes: number): string => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`;
const read = (secret: string) => gatesSection.safeParse({ SLUICE_GATE_SECRET: secret });

it('is not signed without a secret', () => expect(gatesSection.parse({}).secrets).toEqual([]));

it.each([24, 32, 64])('takes a secret of %i bytes', (bytes) => {
  expect(read(secretOf(bytes)).data?.secrets).toEqual([secretOf(bytes)]);
});

it('takes the new secret and the old one while it changes', () => {
  expect(read(`${secretOf(32)}, ${secretOf(24)}`).data?.secrets).toEqual([secretOf(32), secretOf(24)]);
});

it.each(['whsec_', 'hunter2', secretOf(23), secretOf(65), `${secretOf(32)},`, secretOf(32).slice(6)])(
  'refuses %p, and does not repeat it',
  (secret) => {
    const [issue] = read(secret).error?.issues ?? [];
    expect(issue?.path).toEqual(['SLUICE_GATE_SECRET']);
    expect(issue?.message).not.toContain('hunter2');
  },
);
