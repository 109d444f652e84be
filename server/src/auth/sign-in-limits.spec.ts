import { expect, it } from '@jest/globals';
import { forbidden, unavailable } from '../kernel/errors.js';
import { parseConfig } from '../platform/config/config.js';
import { InProcessRateLimits } from '../platform/limits/in-process-rate-limits.js';
import { SignInLimits } from './sign-in-limits.service.js';

const FROM = '192.0.2.7';
const newLimits = () =>
  new SignInLimits(parseConfig({ SLUICE_FAILED_AUTH_PER_MINUTE: '2' }).auth, new InProcessRateLimits());
const failedPassword = (limits: SignInLimits) =>
  limits.attempt({ address: FROM, account: 'ada@shop.example' }, () => Promise.resolve(undefined));
const finishing = (limits: SignInLimits, error?: Error) => () =>
  limits.finish(FROM, () => (error === undefined ? Promise.resolve('in') : Promise.reject(error)));

it.each<[string, (limits: SignInLimits) => () => Promise<unknown>]>([
  ['that begin', (limits) => () => limits.begin(FROM)],
  ['that succeed', (limits) => finishing(limits)],
  ['that a provider keeps', (limits) => finishing(limits, unavailable('OIDC_UNREACHABLE', 'Down.'))],
])('sign-ins by a provider %s take no password from anybody at the same address', async (_what, of) => {
  const limits = newLimits();
  const step = of(limits);
  for (let n = 0; n < 4; n += 1) await step().catch(() => undefined);
  await expect(failedPassword(limits)).resolves.toBeUndefined();
  await expect(failedPassword(limits)).resolves.toBeUndefined();
  await expect(failedPassword(limits)).rejects.toMatchObject({ code: 'TOO_MANY_SIGN_INS' });
});

it('sign-ins by a provider that are refused count as failed', async () => {
  const limits = newLimits();
  const refused = finishing(limits, forbidden('OIDC_PERSON_UNKNOWN', 'Nobody.'));
  for (let n = 0; n < 2; n += 1) await expect(refused()).rejects.toMatchObject({ code: 'OIDC_PERSON_UNKNOWN' });
  await expect(refused()).rejects.toMatchObject({ code: 'TOO_MANY_SIGN_INS' });
  await expect(failedPassword(limits)).rejects.toMatchObject({ code: 'TOO_MANY_SIGN_INS' });
});

it('sign-ins by a provider begin ten times as often as they may fail, and then wait', async () => {
  const limits = newLimits();
  for (let n = 0; n < 20; n += 1) await limits.begin(FROM);
  await expect(limits.begin(FROM)).rejects.toMatchObject({ kind: 'limited', code: 'TOO_MANY_OIDC_STARTS' });
  await expect(limits.begin('192.0.2.8')).resolves.toBeUndefined();
});
