import { keepTexts } from '../util/kept-texts.js';

/** Texts that last as long as this tab of the browser. */
export const tabTexts = keepTexts(() => sessionStorage);

/** Texts that every tab of this browser has, from one visit to the next. */
export const browserTexts = keepTexts(() => localStorage);

addEventListener('beforeunload', (event) => {
  // The browser had no room for what was typed: it asks before that goes with the page.
  if (tabTexts.isShort()) event.preventDefault();
});
