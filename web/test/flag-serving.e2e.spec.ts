import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { startTestServer, type TestServer } from '../../server/test/e2e/start-test-server.js';
import { findingsInBothThemes } from './accessibility.js';
import { launchBrowser, openPage } from './browser.js';
import { PASSWORD, personOf } from './people.js';

const START_TIMEOUT_MS = 180_000;
const FLAGS = '/api/v1/projects/shop/flags';
const pathOf = (flag: string, environment = 'staging') => `/projects/shop/flags/${flag}?environment=${environment}`;
const settingsOf = (flag: string, environment = 'staging') => `${FLAGS}/${flag}/environments/${environment}`;

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer(), launchBrowser()]);
  const { api } = server;
  await api('POST', '/api/v1/projects', {
    key: 'shop',
    environments: [{ key: 'staging' }, { key: 'production', production: true }],
  });
  await api('POST', '/api/v1/projects/shop/segments', { key: 'staff', included: ['ann'] });
  const variations = ['old', 'new', 'other'].map((key) => ({ key, value: `<i>${key}</i>` }));
  const flags = ['cart', 'keys', 'edited', 'live', 'look', 'held'];
  await Promise.all(flags.map((key) => api('POST', FLAGS, { key, type: 'string', variations })));
  const rule = (id: string, attribute: string, value: string) => ({
    id,
    clauses: [{ attribute, operator: 'in', values: [value] }],
    serve: { variation: 'new' },
  });
  const settings = {
    on: true,
    offVariation: 'old',
    defaultServe: {
      split: {
        shares: [
          { variation: 'new', share: 10_000 },
          { variation: 'old', share: 90_000 },
        ],
      },
    },
    targets: [{ variation: 'other', values: ['vip'] }],
    rules: [rule('a', 'country', 'DE'), rule('b', 'plan', '<b>gold</b>')],
  };
  const places = [...flags.map((flag) => settingsOf(flag)), settingsOf('edited', 'production')];
  await Promise.all(places.map((place) => api('PATCH', place, settings, { 'if-match': '*' })));
}, START_TIMEOUT_MS);
afterAll(async () => {
  await browser.close();
  await server.close();
}, START_TIMEOUT_MS);

interface Stored {
  readonly version: number;
  readonly rules: readonly { readonly id: string; readonly clauses: readonly unknown[]; readonly serve: unknown }[];
  readonly defaultServe: unknown;
  readonly targets: readonly { readonly variation: string; readonly values: readonly string[] }[];
}

async function stored(flag: string, environment = 'staging'): Promise<Stored> {
  return (await server.api('GET', settingsOf(flag, environment))).body as Stored;
}

const bar = (page: Page): Locator => page.getByRole('region', { name: 'Edits that are not stored' });
const tester = (page: Page): Locator => page.getByRole('region', { name: 'Who gets what' });
const served = (page: Page): Locator => tester(page).getByRole('status', { name: 'Served' });

describe('what a flag serves', () => {
  it('has its rules made, split and stored, and shows how many users move', async () => {
    const { page, faults } = await openPage(browser, server, pathOf('cart'));
    await page.getByRole('button', { name: 'Add a rule' }).click();
    const rule = page.getByRole('listitem', { name: 'Rule 3', exact: true });
    await rule.getByRole('textbox', { name: 'Attribute' }).fill('age');
    await rule.getByRole('combobox', { name: 'Operator' }).selectOption('≥');
    await rule.getByRole('textbox', { name: 'Add to Values' }).fill('x');
    await page.keyboard.press('Enter');
    await rule.getByText('“x” is no number.').waitFor();
    await rule.getByRole('textbox', { name: 'Add to Values' }).fill('18');
    await page.keyboard.press('Enter');
    await rule.getByRole('button', { name: 'Add a condition' }).click();
    const clause = rule.getByRole('listitem', { name: 'Condition 2' });
    await clause.getByRole('combobox', { name: 'Operator' }).selectOption('is in segment');
    await clause.getByRole('checkbox', { name: 'Not' }).check();
    await clause.getByRole('combobox', { name: 'Add to Segments' }).fill('staff');
    await page.keyboard.press('Enter');
    await rule.getByText('age ≥ 18 and is not in segment staff').waitFor();

    const otherwise = page.getByRole('region', { name: 'Otherwise' });
    await otherwise.getByRole('textbox', { name: 'Share of new' }).fill('22.5');
    await otherwise.getByText('12.5 % too much').waitFor();
    await bar(page).getByRole('button', { name: 'Save' }).and(page.locator('[aria-disabled="true"]')).waitFor();
    await otherwise.getByRole('button', { name: 'Fill up to 100 % with old' }).click();
    await otherwise.getByText('12.5 % of users will get another variation.').waitFor();
    await bar(page).getByRole('button', { name: 'Save' }).click();
    await bar(page).waitFor({ state: 'detached' });
    const { rules, defaultServe } = await stored('cart');
    expect(rules[2]?.clauses).toEqual([
      { attribute: 'age', operator: 'greaterThanOrEqual', values: [18], negate: false },
      { attribute: '', operator: 'inSegment', values: ['staff'], negate: true },
    ]);
    expect(defaultServe).toEqual({
      split: {
        shares: [
          { variation: 'new', share: 22_500 },
          { variation: 'old', share: 77_500 },
        ],
      },
    });
    expect(faults).toEqual([]);
  });

  it('has its rules put in order by keyboard, and tells so', async () => {
    const { page } = await openPage(browser, server, pathOf('keys'));
    const rules = page.getByRole('list', { name: 'Rules' });
    await rules.getByRole('button', { name: 'Move rule 2:' }).focus();
    await page.keyboard.press('Alt+ArrowUp');
    await page.getByRole('status').getByText('Rule 2 is now at place 1 of 2.').waitFor();
    await rules.getByRole('listitem', { name: 'Rule 1' }).getByText('plan is one of <b>gold</b>').waitFor();
    await rules.getByRole('button', { name: 'Move rule 1:' }).and(page.locator(':focus')).waitFor();
    await page.keyboard.press('Alt+ArrowUp');
    await page.getByRole('status').getByText('Rule 1 of 2 cannot go further.').waitFor();
    await page.keyboard.press('Alt+ArrowDown');
    await rules.getByRole('button', { name: 'Move rule 2:' }).and(page.locator(':focus')).waitFor();
    await bar(page).waitFor({ state: 'detached' });
    await rules.getByRole('button', { name: 'Move rule 1:' }).dragTo(rules.getByRole('listitem', { name: 'Rule 2' }));
    await rules.getByRole('listitem', { name: 'Rule 1' }).getByText('plan is one of').waitFor();
    await bar(page).getByRole('button', { name: 'Save' }).click();
    await bar(page).waitFor({ state: 'detached' });
    expect((await stored('keys')).rules.map(({ id }) => id)).toEqual(['b', 'a']);
  });

  it('is tried before it is stored, step by step', async () => {
    const { page, faults } = await openPage(browser, server, pathOf('look'));
    await tester(page).getByRole('button', { name: 'Rule 1' }).click();
    await served(page).getByText('Rule 1 matched.').waitFor();
    await served(page).getByText('"<i>new</i>"').waitFor();
    await tester(page).getByText('country is one of DE: yes, has "DE"').waitFor();
    await page.getByRole('listitem', { name: 'Rule 1', exact: true }).getByText('matches the tested context').waitFor();

    await page.getByRole('button', { name: 'Open rule 1' }).click();
    await page.getByRole('checkbox', { name: 'Not' }).check();
    await tester(page).getByText('Answers for your edits, not yet stored.').waitFor();
    await tester(page).getByText('country is not one of DE: no, has "DE"').waitFor();
    await served(page)
      .getByText(/In the split at \d/u)
      .waitFor();
    await served(page).getByText('SPLIT', { exact: true }).waitFor();
    await tester(page).getByRole('button', { name: 'Targeted' }).click();
    await served(page).getByText('The targeting key is an individual target.').waitFor();
    expect(await tester(page).getByText('not asked').count()).toBe(2);
    await page.getByRole('button', { name: 'Remove DE' }).click();
    await tester(page).getByRole('alert').getByText('in needs at least one value.').waitFor();
    expect(faults).toEqual([]);
  });

  it('is reviewed before it is stored in production, and complaints stand where they are of', async () => {
    const { page, faults } = await openPage(browser, server, pathOf('edited', 'production'));
    await page.getByRole('button', { name: 'Open rule 2' }).click();
    const rule = page.getByRole('listitem', { name: 'Rule 2', exact: true });
    await rule.getByRole('combobox', { name: 'Operator' }).selectOption('is in segment');
    await rule.getByRole('combobox', { name: 'Add to Segments' }).fill('nobody');
    await page.keyboard.press('Enter');
    await rule.getByRole('button', { name: 'Move rule 2:' }).press('Alt+ArrowUp');
    expect(await bar(page).getByRole('button', { name: 'Save' }).count()).toBe(0);
    await bar(page).getByRole('button', { name: 'Review' }).click();
    const review = page.getByRole('dialog', { name: 'What would change in production' });
    await review.getByText('"nobody"').waitFor();
    await review.getByRole('button', { name: 'Save in production' }).click();
    const clause = page.getByRole('listitem', { name: 'Rule 1', exact: true }).getByRole('listitem');
    await clause.getByRole('alert').getByText('There is no segment "nobody"').waitFor();
    await page.getByRole('button', { name: 'Move rule 1:' }).press('Alt+ArrowDown');
    await rule.getByRole('listitem').getByRole('alert').waitFor();
    await rule.getByRole('button', { name: 'Remove nobody' }).click();
    await rule.getByRole('combobox', { name: 'Add to Segments' }).fill('staff');
    await page.keyboard.press('Enter');
    await bar(page).getByRole('button', { name: 'Review' }).click();
    await review.getByRole('button', { name: 'Save in production' }).click();
    await bar(page).waitFor({ state: 'detached' });
    const { rules } = await stored('edited', 'production');
    expect(rules[1]?.clauses).toMatchObject([{ operator: 'inSegment', values: ['staff'] }]);
    expect(faults).toEqual([]);
  });

  it('that somebody else edits meanwhile is shown beside the edits, which then go over it', async () => {
    const { page } = await openPage(browser, server, pathOf('edited'));
    await page.getByRole('button', { name: 'Remove rule 1' }).click();
    await server.api('PATCH', settingsOf('edited'), { offVariation: 'other' }, { 'if-match': '*' });
    await page.getByText('Somebody stored a change of this since you began.').waitFor();
    await bar(page).getByRole('button', { name: 'Save' }).click();
    const dialog = page.getByRole('dialog', { name: 'Somebody changed this meanwhile' });
    await dialog.getByRole('button', { name: 'Store mine over it' }).click();
    await bar(page).waitFor({ state: 'detached' });
    expect(await stored('edited')).toMatchObject({ offVariation: 'other', rules: [{ id: 'b' }] });
    expect(await page.getByRole('combobox', { name: 'Off variation' }).inputValue()).toBe('other');
  });

  it('keeps edits through other tabs, a new load and the end of the session, and asks before they are left', async () => {
    const as = await personOf(server, 'editor', { project: 'shop' });
    const { page } = await openPage(browser, server, pathOf('live'), { as });
    const keys = Array.from({ length: 5_000 }, (_none, at) => `user-${at}`);
    const group = page.getByRole('group', { name: 'Keys served new' });
    await paste(group.getByRole('textbox', { name: 'Add to Keys served new' }), [...keys, 'vip'].join('\n'));
    await group.getByText('5,001 in all').waitFor();
    await page.getByRole('tab', { name: 'Variations' }).click();
    await bar(page).waitFor({ state: 'detached' });
    await page.getByRole('tab', { name: 'Serving' }).click();
    await bar(page).waitFor();

    await page.getByRole('link', { name: 'Segments' }).click();
    const leaving = page.getByRole('dialog', { name: 'Leave without saving?' });
    await leaving.getByRole('button', { name: 'Stay here' }).click();
    await leaving.waitFor({ state: 'detached' });

    page.once('dialog', (dialog) => void dialog.accept());
    await page.reload();
    await bar(page).waitFor();
    const cookie = `${as.cookie.name}=${as.cookie.value}`;
    await server.as(undefined)('DELETE', '/api/v1/session', undefined, { cookie, 'sec-fetch-site': 'same-origin' });
    const again = page.getByRole('dialog', { name: 'Your session has ended' });
    await again.getByLabel('E-mail').fill(as.email);
    await again.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await again.getByRole('button', { name: 'Sign in' }).click();
    await again.waitFor({ state: 'hidden' });
    await bar(page).getByRole('button', { name: 'Save' }).click();
    await bar(page).waitFor({ state: 'detached' });
    expect((await stored('live')).targets).toEqual([{ variation: 'new', values: [...keys, 'vip'] }]);
  });

  it('cannot be edited while a release holds it, nor by who only looks, and says why', async () => {
    const { api } = server;
    const place = { project: 'shop', environment: 'staging' };
    await api('POST', '/api/v1/projects/shop/policies', {
      key: 'slow',
      name: 'Slow',
      document: { steps: [{ share: 10_000, holdSeconds: 3_600 }, { share: 100_000 }] },
    });
    await api('PATCH', settingsOf('held'), { defaultServe: { variation: 'old' } }, { 'if-match': '*' });
    const changes = [{ kind: 'flag', flag: 'held', ramp: { variation: 'new' } }];
    const begun = await api('POST', '/api/v1/releases', { ...place, changes, policy: 'slow', start: true });
    expect([begun.status, begun.body]).toEqual([201, expect.objectContaining({ status: 'running' })]);
    const { page } = await openPage(browser, server, pathOf('held'));
    const why = page.getByRole('alert', { name: 'These settings cannot be edited now.' });
    await why.getByText(/is ramping this flag and is at 10 %/u).waitFor();
    await why.getByRole('link', { name: 'To the release' }).waitFor();
    expect(await page.getByRole('button', { name: 'Add a rule' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Move rule 1:' }).press('Alt+ArrowDown');
    await page.getByRole('button', { name: 'Open rule 1' }).press('Enter');
    expect(await page.getByRole('textbox', { name: 'Attribute' }).isDisabled()).toBe(true);
    await served(page).waitFor();
    expect(await bar(page).count()).toBe(0);
    const as = await personOf(server, 'viewer', { project: 'shop' });
    const { page: other } = await openPage(browser, server, pathOf('look'), { as });
    await other
      .getByRole('alert', { name: 'These settings cannot be edited now.' })
      .getByText(/editor/u)
      .waitFor();
  });

  it('has no serious fault of accessibility', async () => {
    const { page } = await openPage(browser, server, pathOf('look'));
    await page.getByRole('button', { name: 'Open rule 1' }).click();
    await page
      .getByRole('listitem', { name: 'Rule 1', exact: true })
      .getByRole('combobox', { name: 'Serves' })
      .selectOption('a split…');
    await served(page).waitFor();
    expect(await findingsInBothThemes(page)).toEqual([]);
    await page.getByRole('button', { name: 'Add a prerequisite' }).click();
    await tester(page).getByRole('alert').waitFor();
    expect(await findingsInBothThemes(page)).toEqual([]);
  });
});

/** What a person pastes: the browser's own clipboard belongs to all of its pages. */
async function paste(field: Locator, text: string): Promise<void> {
  await field.evaluate((element, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text', pasted);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}
