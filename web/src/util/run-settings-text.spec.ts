import { expect, it } from '@jest/globals';
import { type RunSettings, settingsDocument, writtenSettings } from './run-settings-text.js';

const settings: RunSettings = {
  demand: {
    ...{ tolerance: 0.007, alpha: 0.01, alphaKill: 0.001, unansweredTolerance: 0.1, latencyMargin: null },
    strata: [{ stratum: 'gift card', minimum: 20 }],
  },
  runner: {
    ...{ twinShare: 12_345, deadlineMs: 1_000, maxConcurrent: 10, windowSeconds: 60 },
    budget: { addedMs: 1.5, loopDelayMs: 50 },
    serve: { flag: 'new-price', variation: 'on' },
    rawPaths: ['$.currency', '$.**.sku'],
  },
};

it('takes settings through the fields as they are', () => {
  expect(settingsDocument(writtenSettings(settings))).toEqual(settings);
  const bare = { ...settings, runner: { ...settings.runner, serve: null, rawPaths: [] } };
  expect(settingsDocument(writtenSettings(bare))).toEqual(bare);
});

it('sends null where nothing is typed, and half a swap for the server to refuse', () => {
  const written = writtenSettings(settings);
  const sent = settingsDocument({
    demand: { ...written.demand, tolerance: '', latencyMargin: 10 },
    runner: { ...written.runner, deadlineMs: '', serve: { flag: ' new-price ', variation: '' }, rawPaths: ' \n' },
  });
  expect(sent.demand).toMatchObject({ tolerance: null, latencyMargin: 0.1 });
  expect(sent.runner).toMatchObject({ deadlineMs: null, serve: { flag: 'new-price', variation: '' }, rawPaths: [] });
});
