/**
 * Puts text into the named section of a document, between `<!-- bench:name -->` and `<!-- /bench:name -->`. All else stays
 * as it is. A document without that section gets it at its end; one whose section does not end is refused.
 */
export function replaceSection(document: string, name: string, text: string): string {
  const [open, close] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const section = `${open}\n\n${text.trim()}\n\n${close}`;
  const start = document.indexOf(open);
  if (start < 0) return `${document.trimEnd()}\n\n${section}\n`.trimStart();
  const end = document.indexOf(close, start);
  if (end < 0) throw new Error(`The section ${name} has no ${close}: put it where the section ends.`);
  return document.slice(0, start) + section + document.slice(end + close.length);
}
