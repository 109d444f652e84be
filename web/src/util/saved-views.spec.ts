import { describe, expect, it } from '@jest/globals';
import { readViews, withoutView, withView } from './saved-views.js';

const held = { name: 'Held', search: { show: 'attention' } };

describe('saved views', () => {
  it('are read as they were kept; what is none is passed over', () => {
    expect(
      readViews(JSON.stringify([held, { name: 'Half' }, { name: 1, search: {} }, { name: 'N', search: { q: 3 } }])),
    ).toEqual([held]);
    expect(readViews('{"name"')).toEqual([]);
    expect(readViews('{}')).toEqual([]);
    expect(readViews(undefined)).toEqual([]);
  });

  it('stand in order of name, one of each', () => {
    const views = withView(withView([held], { name: 'All', search: {} }), { ...held, search: { q: 'cart' } });
    expect(views).toEqual([
      { name: 'All', search: {} },
      { name: 'Held', search: { q: 'cart' } },
    ]);
    expect(withoutView(views, 'All').map(({ name }) => name)).toEqual(['Held']);
  });
});
