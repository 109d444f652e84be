/** One patch between two positions, as bytes ready to be sent. */
export interface RevisionStep<Frame extends { readonly length: number }> {
  readonly from: string;
  readonly to: string;
  readonly frame: Frame;
}

const MAX_STEPS = 100;
/** Below this it does not matter which way is shorter, and patches tell a client more. */
const SMALL_LENGTH = 64 * 1024;

/**
 * Adds the newest step. Forgets what nobody will be sent: more than 100 steps, and those from where the whole
 * snapshot (`putLength` bytes) is the shorter way. So the steps hardly take more memory than the snapshot itself.
 */
export function addStep<Frame extends { readonly length: number }>(
  steps: readonly RevisionStep<Frame>[],
  step: RevisionStep<Frame>,
  putLength: number,
): readonly RevisionStep<Frame>[] {
  const maxLength = Math.max(putLength, SMALL_LENGTH);
  let length = 0;
  const worthKeeping: RevisionStep<Frame>[] = [];
  for (const candidate of [...steps, step].reverse()) {
    length += candidate.frame.length;
    if (length >= maxLength || worthKeeping.length === MAX_STEPS) break;
    worthKeeping.unshift(candidate);
  }
  return worthKeeping;
}

/** The steps that lead from a position to the newest; undefined when only the whole snapshot does. */
export function stepsSince<Frame extends { readonly length: number }>(
  steps: readonly RevisionStep<Frame>[],
  position: string | undefined,
): readonly RevisionStep<Frame>[] | undefined {
  // Nearly all who ask are at the last step.
  const first = steps.findLastIndex(({ from }) => from === position);
  return first < 0 ? undefined : steps.slice(first);
}
