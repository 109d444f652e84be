/** The kinds of failure a caller can act on. Anything thrown that is not a SluiceError is a bug. */
export type ErrorKind =
  'invalid' | 'unauthenticated' | 'forbidden' | 'notFound' | 'conflict' | 'precondition' | 'limited' | 'unavailable';

/** One thing that is wrong with an input. `pointer` is a JSON pointer (RFC 6901) into it. */
export interface Problem {
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
}

interface ErrorDetails {
  readonly problems?: readonly Problem[];
  readonly data?: Readonly<Record<string, unknown>>;
}

/** The one error of the product: a kind, a stable SCREAMING_CODE and a sentence that says what to do. */
export class SluiceError extends Error {
  override readonly name = 'SluiceError';
  readonly problems: readonly Problem[];
  readonly data: Readonly<Record<string, unknown>>;

  constructor(
    readonly kind: ErrorKind,
    readonly code: string,
    message: string,
    { problems = [], data = {} }: ErrorDetails = {},
  ) {
    super(message);
    this.problems = problems;
    this.data = data;
  }
}

type Make = (code: string, message: string, details?: ErrorDetails) => SluiceError;
const make =
  (kind: ErrorKind): Make =>
  (code, message, details) =>
    new SluiceError(kind, code, message, details);

export const invalid = make('invalid');
export const unauthenticated = make('unauthenticated');
export const forbidden = make('forbidden');
export const notFound = make('notFound');
export const conflict = make('conflict');
export const precondition = make('precondition');
export const limited = make('limited');
export const unavailable = make('unavailable');

/** Refuses an input with all its problems at once; does nothing when there are none. `outcome` goes on in the sentence. */
export function refuseWith(problems: readonly Problem[], what: string, outcome = '; nothing was stored'): void {
  if (problems.length === 0) return;
  const count = problems.length === 1 ? 'One problem' : `${problems.length} problems`;
  throw invalid('VALIDATION_FAILED', `${count} with the ${what}${outcome}. Mend what "errors" names.`, {
    problems,
  });
}

/** Appends tokens to a JSON pointer, escaped as RFC 6901 says. */
export function pointer(base: string, ...tokens: readonly (string | number)[]): string {
  return tokens.reduce<string>(
    (path, token) => `${path}/${String(token).replaceAll('~', '~0').replaceAll('/', '~1')}`,
    base,
  );
}
