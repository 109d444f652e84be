import axe from 'axe-core';
import type { Page } from 'playwright-core';

/**
 * What axe-core finds serious or critical on a page as it is now, by all of its rules unless some are named; each as one
 * line. Nothing, if all is well.
 */
export async function seriousFindings(page: Page, rules?: string[]): Promise<readonly string[]> {
  // By the debugger, as the policy of the page lets no script of others in.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    (runOnly) =>
      (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
        resultTypes: ['violations'],
        ...(runOnly !== undefined && { runOnly }),
      }),
    rules,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${id}: ${help} at ${target.join(' ')}`));
}

/** As `seriousFindings`, in both themes, each line with the one that it is of. Leaves the page in the dark one. */
export async function findingsInBothThemes(page: Page): Promise<readonly string[]> {
  await wear(page, 'light');
  const light = await seriousFindings(page);
  await wear(page, 'dark');
  // Themes differ in colours alone.
  const dark = await seriousFindings(page, ['color-contrast']);
  return [...light.map((each) => `light: ${each}`), ...dark.map((each) => `dark: ${each}`)];
}

/** The kit follows the system's theme a moment later, and a page in between has colours of both. */
async function wear(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor({ state: 'attached' });
}
