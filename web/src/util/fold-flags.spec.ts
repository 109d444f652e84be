import { describe, expect, it } from '@jest/globals';
import { foldFlags, isFolded } from './fold-flags.js';

const of = (kind: string, since: string) => ({ kind, since, title: `${kind} ${since}` });
const held = of('held', '2026-11-20');
const overdue = ['2026-11-03', '2026-11-01', '2026-11-02'].map((since) => of('overdueFlag', since));
const due = ['2026-12-01', '2026-12-02'].map((since) => of('dueFlag', since));

describe('what needs attention', () => {
  it('has flags of a kind in one row, in the place of the first, where they are many', () => {
    const other = of('awaitingApproval', '2026-11-19');
    expect(foldFlags([held, ...overdue, other, ...due])).toEqual([
      held,
      { kind: 'overdueFlag', count: 3, since: '2026-11-01' },
      other,
      ...due,
    ]);
  });

  it('has each of what is no flag in a row of its own', () => {
    const many = Array.from({ length: 9 }, () => held);
    expect(foldFlags(many)).toEqual(many);
    expect(many.some(isFolded)).toBe(false);
  });

  it('is told from what stands for many', () => {
    expect(foldFlags([...overdue, held]).map(isFolded)).toEqual([true, false]);
    expect(foldFlags([])).toEqual([]);
  });
});
