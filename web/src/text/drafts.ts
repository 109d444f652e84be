/** Words around edits of a whole thing that are stored by one command. */
export const drafts = {
  bar: 'Edits that are not stored',
  changed: (what: readonly string[]): string => `Not stored yet: ${what.join(', ')}.`,
  discard: 'Discard',
  review: 'Review',
  reviewTitle: (where: string | undefined): string =>
    where === undefined ? 'What would change' : `What would change in ${where}`,
  stored: 'Stored now',
  yours: 'Yours',
  goOn: 'Go on editing',
  saveIn: (where: string): string => `Save in ${where}`,
  stale: 'Somebody stored a change of this since you began. Nothing of yours is lost.',
  compare: 'Compare',
  leave: {
    title: 'Leave without saving?',
    text: 'What you edited here is not stored.',
    discard: 'Discard and leave',
    stay: 'Stay here',
  },
};
