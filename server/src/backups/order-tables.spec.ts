import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { orderTables } from './order-tables.js';

it('puts each table behind those that its rows name, else in order of name', () => {
  const references = [
    { from: 'flag', to: 'project' },
    { from: 'note', to: 'flag' },
    { from: 'flag', to: 'flag' },
  ];
  expect(orderTables(['note', 'flag', 'project', 'audit'], references)).toEqual(['audit', 'project', 'flag', 'note']);
});

it('takes no notice of tables that are left out', () =>
  expect(orderTables(['flag'], [{ from: 'flag', to: 'project' }])).toEqual(['flag']));

it('says which tables refer to each other in a circle', () => {
  const circle = [
    { from: 'a', to: 'b' },
    { from: 'b', to: 'a' },
  ];
  expect(() => orderTables(['a', 'b', 'c'], circle)).toThrow('These tables refer to each other: a, b.');
});

it('orders any tables that refer to earlier ones only', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(20), fc.nat(20))), (pairs) => {
      const names = Array.from({ length: 21 }, (_, index) => `t${index}`);
      const references = pairs
        .filter(([from, to]) => from > to)
        .map(([from, to]) => ({ from: `t${from}`, to: `t${to}` }));
      const ordered = orderTables(names, references);
      return (
        ordered.length === names.length &&
        references.every(({ from, to }) => ordered.indexOf(to) < ordered.indexOf(from))
      );
    }),
  );
});
