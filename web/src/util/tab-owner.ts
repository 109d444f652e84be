import type { KeptTexts } from './kept-texts.js';

const OWNER = 'owner';

/**
 * Whether the texts of a tab were kept by somebody else than this viewer, by id: then they are not for this one to read.
 * Texts of nobody, or of this viewer, are this viewer's from then on.
 */
export function isOfAnother(texts: Pick<KeptTexts, 'read' | 'write'>, viewer: string): boolean {
  const owner = texts.read(OWNER);
  if (owner !== undefined && owner !== viewer) return true;
  texts.write(OWNER, viewer);
  return false;
}
