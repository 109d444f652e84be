import { expect, it } from '@jest/globals';
import { projectStates } from './project-states.js';

const projects = ['books', 'cart', 'search'].map((key) => ({ key, name: `The ${key}` }));

it('puts those first in which something asks for somebody', () => {
  const attention = [
    { project: 'search', title: 'Orders' },
    { project: 'cart', title: 'June' },
    { project: 'search', title: 'July' },
    { project: 'elsewhere', title: 'August' },
  ];
  const states = projectStates(projects, attention, [{ project: 'books' }, { project: 'books' }, { project: 'cart' }]);
  expect(states).toEqual([
    { key: 'search', name: 'The search', attention: [attention[0], attention[2]], inFlight: 0 },
    { key: 'cart', name: 'The cart', attention: [attention[1]], inFlight: 1 },
    { key: 'books', name: 'The books', attention: [], inFlight: 2 },
  ]);
});

it('leaves the order as it is where nothing asks for anybody', () => {
  expect(projectStates(projects, [], []).map(({ key }) => key)).toEqual(['books', 'cart', 'search']);
});
