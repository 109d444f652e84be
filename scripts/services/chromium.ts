import { findProgram } from './installed-program.ts';

/** The first costs half as much: it draws no browser around the page. */
const NAMES = ['chromium-headless-shell', 'chromium', 'google-chrome'];

/** The path to start Chromium by, if it is installed. */
export async function findChromium(): Promise<string | undefined> {
  for (const name of NAMES) {
    const found = await findProgram(name, '--version');
    if (found !== undefined) return found;
  }
  return undefined;
}
