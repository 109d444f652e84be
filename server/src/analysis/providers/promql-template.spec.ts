import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { complaintAboutPromql, fillPromql, promqlDuration } from './promql-template.js';

const values = { service: 'checkout', version: '1.2.3', environment: 'production', window: '90s' };

it.each<[string, string, string]>([
  ['a label', 'sum(x{v="{{version}}"})', 'sum(x{v="1.2.3"})'],
  ['single quotes', "x{v='{{version}}'}", "x{v='1.2.3'}"],
  ['blanks inside', 'x{v = "{{ version }}"}', 'x{v = "1.2.3"}'],
  ['a part of a label', 'x{v!="{{service}}-{{environment}}"}', 'x{v!="checkout-production"}'],
  ['a pattern, in which a dot is a dot', 'x{v=~"{{version}}|old"}', 'x{v=~"1\\\\.2\\\\.3|old"}'],
  ['a pattern that is denied', 'x{v!~"{{version}}.*"}', 'x{v!~"1\\\\.2\\\\.3.*"}'],
  ['the window, bare', 'rate(x[{{window}}] offset {{window}})', 'rate(x[90s] offset 90s)'],
  ['quotes of others before it', 'x{a="\\"{",b="{{version}}"}', 'x{a="\\"{",b="1.2.3"}'],
  ['a comment with a quote before it', 'x # it\'s\n + y{v="{{version}}"}', 'x # it\'s\n + y{v="1.2.3"}'],
  ['nothing', 'up', 'up'],
])('fills in %s', (_name, query, filled) => {
  expect(complaintAboutPromql(query)).toBeUndefined();
  expect(fillPromql(query, values)).toBe(filled);
});

it.each<[string, string, string]>([
  ['an argument nobody knows', 'x{v="{{versoin}}"}', 'unknown argument "versoin"'],
  ['a window that is none', 'x[{{windows}}]', 'unknown argument "windows"'],
  ['an argument without a name', 'x{v="{{}}"}', 'unknown argument ""'],
  ['one that does not end', 'x{v="{{version"}', '"{{" that begins no argument'],
  ['one in three braces', 'x{v="{{{version}}}"}', '"{{" that begins no argument'],
  ['a bare name', 'x_{{service}}_total', 'outside of quotes'],
  ['backticks', 'x{v=`{{version}}`}', 'backticks'],
  ['a comment', 'x # {{version}}', 'in a comment'],
  ['a text that is no label’s value', 'label_replace(x, "a", "{{version}}", "b", "c")', "no label's value"],
  ['a quote that stays open', 'x{v="{{version}}', 'not closed'],
])('objects to %s', (_name, query, says) => {
  expect(complaintAboutPromql(query)).toContain(says);
});

describe('whatever a version is called', () => {
  const unquote = (quoted: string): string =>
    quoted.replace(/\\(?:u([0-9a-f]{4})|(.))/gsu, (_all, code: string | undefined, char: string) =>
      code === undefined ? char : String.fromCharCode(parseInt(code, 16)),
    );
  const anyVersion = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('"', "'", '\\', '`', '{', '}', '|', '.', '\n', '\0', '#', 'a') }),
  );

  it('stays within its quotes and comes out as it was', () => {
    fc.assert(
      fc.property(anyVersion, fc.constantFrom('"', "'"), (version, quote) => {
        const filled = fillPromql(`x{v=${quote}{{version}}${quote}}`, { ...values, version });
        const inside = filled.slice(5, -2);
        expect(inside.replaceAll(/\\./gsu, '')).not.toMatch(new RegExp(`[${quote}\\n]`, 'u'));
        expect(unquote(inside)).toBe(version);
      }),
    );
  });

  it('matches itself and nothing else in a pattern', () => {
    fc.assert(
      fc.property(anyVersion, anyVersion, (version, other) => {
        const filled = fillPromql('x{v=~"{{version}}"}', { ...values, version });
        const pattern = new RegExp(`^(?:${unquote(filled.slice(6, -2))})$`, 'u');
        expect([pattern.test(version), pattern.test(other)]).toEqual([true, other === version]);
      }),
    );
  });
});

it.each([
  [60_000, '60s'],
  [90_500, '90500ms'],
  [0, '1ms'],
])('writes %d ms as %s', (ms, text) => expect(promqlDuration(ms)).toBe(text));
