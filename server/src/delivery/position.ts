/** How much of the content's hash a position carries: 96 bits, so that no two contents share one. */
const TAG_LENGTH = 16;
const POSITION = /^(\d{1,15})\.([\w-]{1,64})$/u;

/**
 * The id of a stream event: a revision with the beginning of its content's hash. The hash is what makes a resumed
 * client trustworthy: after a restored backup the same revision may stand for other content.
 */
export function formatPosition(revision: number, contentHash: string): string {
  return `${revision}.${contentHash.slice(0, TAG_LENGTH)}`;
}

/** The revision of a position that a client sent; undefined when it is none of ours. */
export function revisionOfPosition(position: string | undefined): number | undefined {
  const match = position === undefined ? null : POSITION.exec(position);
  return match === null ? undefined : Number(match[1]);
}
