import { findProgram } from './installed-program.ts';

/** The path to start HAProxy by, if it is installed. */
export function findHaproxy(): Promise<string | undefined> {
  return findProgram('haproxy', '-v');
}
