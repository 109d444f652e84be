import type { CommandError } from './command-error.js';
import { EXIT, type ExitCode, exitCodeOfRelease } from './exit-code.js';
import { isSettled, type ReleaseView } from './release-view.js';

/** How waiting for a release ended. */
export interface Outcome {
  readonly exitCode: ExitCode;
  /** For people. */
  readonly sentence: string;
  /** As it was seen last; undefined when it was never made or never seen. */
  readonly release: ReleaseView | undefined;
}

/** Of a release as it was seen last, and whether Sluice could still be asked at the end. */
export function outcomeOf(release: ReleaseView, { isReachable }: { readonly isReachable: boolean }): Outcome {
  if (!isSettled(release) && !isReachable) {
    const sentence = `Sluice could not be asked when the time was up. Last known: ${release.reason.sentence}`;
    return { exitCode: EXIT.couldNotAsk, sentence, release };
  }
  return { exitCode: exitCodeOfRelease(release), sentence: sentenceOf(release), release };
}

/** Of a release that was refused, or could not be asked for. */
export function outcomeOfError({ exitCode, message }: CommandError): Outcome {
  return { exitCode, sentence: message, release: undefined };
}

function sentenceOf({ status, reason, supersededBy }: ReleaseView): string {
  switch (status) {
    case 'released':
      return lead('Released', reason.sentence);
    case 'rolledBack':
      return lead('Rolled back', reason.sentence);
    case 'aborted':
      return lead('Aborted', reason.sentence);
    case 'superseded':
      return `Superseded by ${supersededBy ?? 'a newer release'}. ${reason.sentence}`;
    case 'draft':
    case 'scheduled':
    case 'queued':
    case 'running':
    case 'holding':
      return `Not over when the time was up. ${reason.code}: ${reason.sentence}`;
  }
}

/** What was done by hand says so itself. */
function lead(word: string, sentence: string): string {
  return sentence.startsWith(word) ? sentence : `${word}. ${sentence}`;
}
