import { findProgram } from './installed-program.ts';

/** The path to start Chromium by, if it is installed. */
export async function findChromium(): Promise<string | undefined> {
  return (await findProgram('chromium', '--version')) ?? (await findProgram('google-chrome', '--version'));
}
