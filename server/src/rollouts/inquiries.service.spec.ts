import { expect, it } from '@jest/globals';
import { Inquiries } from './inquiries.service.js';

it('takes at once what answers at once', async () => {
  expect(await new Inquiries().ask('a', () => Promise.resolve(1))).toBe(1);
});

it('waits for nobody, asks once, and takes the answer when it comes back for it', async () => {
  const inquiries = new Inquiries();
  let asked = 0;
  let answer: (value: number) => void = () => undefined;
  const question = (): Promise<number> => {
    asked += 1;
    return new Promise((resolve) => (answer = resolve));
  };
  expect(await inquiries.ask('slow', question)).toBeUndefined();
  expect(await inquiries.ask('slow', question)).toBeUndefined();
  expect(await inquiries.ask('other', () => Promise.resolve(2))).toBe(2);
  answer(3);
  expect(await inquiries.ask('slow', question)).toBe(3);
  expect(asked).toBe(1);
});

it('takes a question that fails for one without an answer', async () => {
  expect(await new Inquiries().ask('a', () => Promise.reject(new Error('down')))).toBeUndefined();
});
