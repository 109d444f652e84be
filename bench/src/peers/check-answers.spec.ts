import { describe, expect, it } from '@jest/globals';
import { checkAnswers } from './check-answers.js';
import { PEER_SCENARIOS, snapshotFor } from './peer-scenarios.js';
import { sluiceEvaluator } from './sluice.js';
import type { Subject } from './subject.js';

/** Answers rightly, except that it gives everybody who asks in this way one variation. */
function stubborn(subject: Subject, variation: string): Subject {
  return {
    ...subject,
    variation: async () => variation,
    variations: async (keys) => keys.map(() => variation),
  };
}

const timed = PEER_SCENARIOS.filter(({ kind }) => kind !== 'start');

describe('checkAnswers', () => {
  it.each(timed)('lets a library pass that answers $id rightly', async (scenario) => {
    const text = sluiceEvaluator.write(snapshotFor(scenario, { alone: false }));
    const subject = await sluiceEvaluator.start(text);
    await expect(checkAnswers(scenario, subject)).resolves.toBeUndefined();
  });

  it.each(timed)('refuses one that answers $id with one variation for all', async (scenario) => {
    const text = sluiceEvaluator.write(snapshotFor(scenario, { alone: false }));
    const subject = stubborn(await sluiceEvaluator.start(text), scenario.id === 'S1' ? 'off' : 'on');
    await expect(checkAnswers(scenario, subject)).rejects.toThrow();
  });
});
