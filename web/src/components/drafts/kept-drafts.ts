import { tabTexts } from '../../ui/browser-texts.js';
import { draftStore, type DraftStore } from './draft-store.js';

/** For as long as this tab of the browser is open. */
export const keptDrafts: DraftStore = draftStore(tabTexts);

// Caught on its way, so that they are written when others look whether the browser had room for all.
for (const leaving of ['beforeunload', 'pagehide']) addEventListener(leaving, keptDrafts.store, { capture: true });
