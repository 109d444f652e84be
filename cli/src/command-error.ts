import type { ExitCode } from './exit-code.js';

/** RFC 9457 problem details, as the API answers every refusal. */
export interface ProblemDetails {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly requestId?: string;
  readonly errors?: readonly { readonly pointer: string; readonly code: string; readonly message: string }[];
  readonly [extension: string]: unknown;
}

interface Details {
  /** What the server said, where it did. */
  readonly problem?: ProblemDetails;
  /** What to do about it. */
  readonly hint?: string;
}

/** The one error of the command: a sentence for people, what they can do, and the code to end with. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly problem: ProblemDetails | undefined;
  readonly hint: string | undefined;

  constructor(
    readonly exitCode: ExitCode,
    message: string,
    { problem, hint }: Details = {},
  ) {
    super(message);
    this.problem = problem;
    this.hint = hint;
  }
}

/** What is written about a failure: the sentence, each part of the input that is wrong, and what to do. */
export function explainError(error: unknown): readonly string[] {
  if (!(error instanceof CommandError)) {
    const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return [`This is a fault of the sluice command itself: ${said}`];
  }
  const { problem, hint } = error;
  return [
    error.message,
    ...(problem?.errors ?? []).map(({ pointer, message }) => `  ${pointer === '' ? '/' : pointer}: ${message}`),
    ...(hint === undefined ? [] : [hint]),
  ];
}

/** The same for machines. */
export function errorDocument(error: unknown, exitCode: ExitCode): object {
  const [message] = explainError(error);
  const { problem, hint } = error instanceof CommandError ? error : {};
  return {
    error: {
      exitCode,
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(problem === undefined ? {} : { problem }),
    },
  };
}
