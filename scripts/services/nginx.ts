import { findProgram } from './installed-program.ts';

/** The path to start nginx by, if it is installed. */
export function findNginx(): Promise<string | undefined> {
  return findProgram('nginx', '-v');
}
