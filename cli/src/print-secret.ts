import { CommandError } from './command-error.js';
import { EXIT } from './exit-code.js';
import type { Session } from './session.js';

interface SecretWords {
  /** What was done, in a sentence. */
  readonly done: string;
  /** How to get another secret, in a sentence. */
  readonly again: string;
}

/**
 * Writes a secret that only this answer tells: alone on standard output, for scripts, and what it is of on standard error.
 * Throws when there is none: the first answer was lost, and a repeated request is answered without it.
 */
export function printSecret(session: Session, made: object, secret: string | null, { done, again }: SecretWords): void {
  if (secret === null) {
    const message = `${done} Its secret was lost on the way, and is shown only once.`;
    throw new CommandError(EXIT.couldNotAsk, message, { hint: again });
  }
  session.note(`${done} Keep what is written to standard output: it is shown this once.`);
  session.print(made, [secret]);
}
