import { tabTexts } from '../ui/browser-texts.js';
import { pb } from '../util/path-builder.js';
import { isOfAnother } from '../util/tab-owner.js';
import { keptDrafts } from './drafts/kept-drafts.js';

let isLeaving = false;
// Before the router looks: nobody is asked to stay for edits that are forgotten.
addEventListener('beforeunload', (event) => isLeaving && event.stopImmediatePropagation(), { capture: true });

/** Loads a page anew, by default the one that signs in, and nothing of the one who leaves stays in this tab. */
export function leave(to: string = pb.signIn()): void {
  forget();
  isLeaving = true;
  location.assign(to);
}

/** Forgets what somebody else kept in this tab, before it is shown to who is signed in now; whether there was any. */
export function forgetOthers(viewer: string): boolean {
  const isAnothers = isOfAnother(tabTexts, viewer);
  if (isAnothers) {
    forget();
    isOfAnother(tabTexts, viewer);
  }
  return isAnothers;
}

/** Drafts and contexts that were tried may say what others are not to read. */
function forget(): void {
  keptDrafts.forget();
  tabTexts.clear();
}
