import { describe, expect, it } from '@jest/globals';
import { evidenceLines } from './evidence-lines.js';

describe('lines of evidence', () => {
  it('are what the looks had, with gaps where one had none', () => {
    const points = [
      { at: '2026-11-21T14:00:00.000Z', evidence: 0.5, limit: 4.6 },
      { at: '2026-11-21T14:00:10.000Z', evidence: null, limit: 4.6 },
    ];
    expect(evidenceLines(points)).toEqual({
      times: [1_795_269_600_000, 1_795_269_610_000],
      evidence: [0.5, null],
      limit: [4.6, 4.6],
    });
  });

  it('are none where no look had evidence', () => {
    expect(evidenceLines([{ at: '2026-11-21T14:00:00.000Z', evidence: null, limit: null }])).toBeUndefined();
  });
});
