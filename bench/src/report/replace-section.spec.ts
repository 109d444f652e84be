import { describe, expect, it } from '@jest/globals';
import { replaceSection } from './replace-section.js';

const document = '# Title\n\nBefore.\n\n<!-- bench:a -->\n\nold\n\n<!-- /bench:a -->\n\nAfter.\n';

describe('replaceSection', () => {
  it('replaces what a section holds and nothing else', () => {
    expect(replaceSection(document, 'a', '\nnew\n')).toBe(document.replace('old', 'new'));
  });

  it('changes nothing when the same text is put in twice', () => {
    const once = replaceSection(document, 'a', 'new $& text');
    expect(replaceSection(once, 'a', 'new $& text')).toBe(once);
  });

  it('adds a section that is missing at the end', () => {
    expect(replaceSection(document, 'b', 'text')).toBe(`${document}\n<!-- bench:b -->\n\ntext\n\n<!-- /bench:b -->\n`);
  });

  it('refuses a section that does not end', () => {
    expect(() => replaceSection('<!-- bench:a -->\nrest', 'a', 'text')).toThrow('has no <!-- /bench:a -->');
  });
});
