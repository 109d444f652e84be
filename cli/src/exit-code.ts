import type { ReleaseView } from './release-view.js';

/** All that the command can end with, so that a pipeline retries only what can be retried (PRODUCT.md). */
export const EXIT = {
  released: 0,
  internal: 1,
  usage: 2,
  bad: 3,
  notKnown: 4,
  couldNotAsk: 5,
  refused: 6,
  superseded: 7,
  notAllowed: 8,
  /** 128 + SIGINT, as shells count: the command was stopped, which says nothing of the release. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/**
 * What it means that a release still stood so when the time was up. What waits for evidence may be known later; what
 * waits for a person, a rule or another system's leave was refused until they give it.
 */
const UNFINISHED: Readonly<Record<string, ExitCode>> = {
  CREATED: EXIT.notKnown,
  SCHEDULED: EXIT.notKnown,
  QUEUED: EXIT.notKnown,
  STARTED: EXIT.notKnown,
  REACHING: EXIT.notKnown,
  WATCHING: EXIT.notKnown,
  BAKING: EXIT.notKnown,
  SAMPLE_SMALL: EXIT.notKnown,
  NOT_KNOWN: EXIT.notKnown,
  DEADLINE_PASSED: EXIT.notKnown,
  CERTIFICATE_MISSING: EXIT.notKnown,
  GUARDRAIL_BROKEN: EXIT.notKnown,
  PROMOTED_ON_EVIDENCE: EXIT.notKnown,
  PROMOTED_WITHOUT_EVIDENCE: EXIT.notKnown,
  PROMOTED_BY_HAND: EXIT.notKnown,
  SKIPPED_BY_HAND: EXIT.notKnown,
  COULD_NOT_ASK: EXIT.couldNotAsk,
  PAUSED: EXIT.refused,
  FROZEN: EXIT.refused,
  APPROVAL_MISSING: EXIT.refused,
  WEBHOOK_WAITING: EXIT.refused,
  START_REFUSED: EXIT.refused,
};

/** Why a release went back though nobody found anything bad. */
const ROLLED_BACK: Readonly<Record<string, ExitCode>> = {
  // The policy gave up waiting for evidence.
  DEADLINE_PASSED: EXIT.notKnown,
  // The candidate was taken out of the environment: install it again, and ask again.
  CANDIDATE_GONE: EXIT.refused,
};

/** The code for a release that has ended, or that had not when the time was up. */
export function exitCodeOfRelease({ status, reason }: Pick<ReleaseView, 'status' | 'reason'>): ExitCode {
  switch (status) {
    case 'released':
      return EXIT.released;
    case 'rolledBack':
      return ROLLED_BACK[reason.code] ?? EXIT.bad;
    // By a person, by an edit that took over, or because it could not start: the build is not held against anybody.
    case 'aborted':
      return EXIT.refused;
    case 'superseded':
      return EXIT.superseded;
    case 'draft':
    case 'scheduled':
    case 'queued':
    case 'running':
    case 'holding':
      return UNFINISHED[reason.code] ?? EXIT.notKnown;
  }
}

/** The code for a request that was answered with a problem (RFC 9457), by its HTTP status. */
export function exitCodeOfProblem(status: number): ExitCode {
  if (status === 401 || status === 403) return EXIT.notAllowed;
  if (status === 409 || status === 412 || status === 422) return EXIT.refused;
  if (isPassing(status)) return EXIT.couldNotAsk;
  // 428 and 406 would be this command's own fault; all others say that something was asked for that cannot be.
  if (status >= 500 || status === 428 || status === 406) return EXIT.internal;
  return EXIT.usage;
}

/** Whether an answer says that it may be another one soon: too many requests, or a server or gateway not there. */
export function isPassing(status: number): boolean {
  return status === 429 || status === 502 || status === 503 || status === 504;
}
