type Paint = (text: string) => string;

/** How words are told apart. */
export interface Palette {
  readonly strong: Paint;
  readonly faint: Paint;
  readonly good: Paint;
  readonly bad: Paint;
  readonly unsure: Paint;
}

const as = (text: string): string => text;
const sgr =
  (on: number, off: number): Paint =>
  (text) =>
    `\u001b[${on}m${text}\u001b[${off}m`;

/** For pipes, files and NO_COLOR (https://no-color.org). */
export const PLAIN: Palette = { strong: as, faint: as, good: as, bad: as, unsure: as };

/** For terminals. */
export const COLOURED: Palette = {
  strong: sgr(1, 22),
  faint: sgr(2, 22),
  good: sgr(32, 39),
  bad: sgr(31, 39),
  unsure: sgr(33, 39),
};
