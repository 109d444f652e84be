import { expect, it } from '@jest/globals';
import { parseConfig } from './config.js';

it('asks for no token unless one is set', () => {
  expect(parseConfig({}).scrape.token).toBeUndefined();
  expect(parseConfig({ SLUICE_METRICS_TOKEN: 'scrape-me-if-you-can' }).scrape.token).toBe('scrape-me-if-you-can');
});

it.each(['short', 'with a blank in the middle of it'])('refuses a token that is no token: %s', (token) => {
  const parse = (): unknown => parseConfig({ SLUICE_METRICS_TOKEN: token });
  expect(parse).toThrow('SLUICE_METRICS_TOKEN: must be at least 16 characters without blanks');
  expect(parse).not.toThrow(token);
});
