import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The first is the same engine without the windows of a browser around it, and costs half as much. */
const NAMES = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];

/** The browser that CHROMIUM_PATH names, else the first on the PATH. Throws where there is none: nothing is skipped. */
export function findChromium(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const named = env['CHROMIUM_PATH'] ?? '';
  if (named.includes('/')) return named;
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    const found = (named === '' ? NAMES : [named]).map((name) => join(folder, name)).find(isProgram);
    if (found !== undefined) return found;
  }
  throw new Error(
    'The specs of the web application need Chromium. Type one of:\n' +
      '  sudo apt-get update && sudo apt-get install -y --no-install-recommends chromium-headless-shell fonts-dejavu-core\n' +
      '  export CHROMIUM_PATH=<the path of its program>',
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
