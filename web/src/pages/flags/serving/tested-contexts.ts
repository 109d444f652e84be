import { tabTexts } from '../../../ui/browser-texts.js';

const NAME = 'tested-contexts';
const MOST = 6;

/** Contexts that were tried in this tab of the browser, of whichever flag, the last one first: as texts. */
export function testedContexts(): readonly string[] {
  const stored = tabTexts.read(NAME);
  // Written below.
  return stored === undefined ? [] : (JSON.parse(stored) as readonly string[]);
}

export function rememberContext(text: string): readonly string[] {
  const remembered = [text, ...testedContexts().filter((each) => each !== text)].slice(0, MOST);
  tabTexts.write(NAME, JSON.stringify(remembered));
  return remembered;
}
