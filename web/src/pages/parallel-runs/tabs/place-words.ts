import { parallelRun as text } from '../../../text/parallel-run.js';
import type { ShownSignature } from './MismatchesTab.js';

const words = text.signatures;

/** Where a fault is, in short: its first place, and how many more there are. */
export function placeWords(places: ShownSignature['places'], isCut: boolean): string {
  const [first, ...more] = places;
  if (first === undefined) return '–';
  return [
    `${first.path}: ${words.kind[first.kind]} ${first.transition}`.trim(),
    ...(more.length > 0 ? [words.more(more.length)] : []),
    ...(isCut ? [words.cut] : []),
  ].join(', ');
}
