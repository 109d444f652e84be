import { expect, it } from '@jest/globals';
import { createPino, PinoLogger } from './pino-logger.js';

const RANDOM = 'k3yQ-_'.repeat(7);

function logged(log: (logger: PinoLogger) => void): string {
  let lines = '';
  log(new PinoLogger(createPino({ level: 'trace' }, { write: (line) => void (lines += line) })));
  return lines;
}

it.each([
  ['a token', `slu_admin_${RANDOM}`, 'slu_admin_'],
  ['an invitation', `slu_invite_${RANDOM}`, 'slu_invite_'],
  ['a secret of a webhook', `whsec_${btoa(RANDOM)}`, 'whsec_'],
  ['what a header shows', `Bearer ${RANDOM}`, 'Bearer '],
  ['the cookie of a person', `__Host-sluice=${RANDOM}`, '__Host-sluice='],
])('leaves %s out wherever it stands, and says what it was', (_name, secret, kind) => {
  const quoting = new Error(`Failing row contains (1, ${secret}, t).`, { cause: new Error(secret) });
  const lines = logged((logger) => {
    logger.error(quoting, 'A webhook was not stored.');
    logger.warn(`There was "${secret}".`, 'Anything');
    logger.debug({ deep: { in: [{ here: secret }] } }, 'Anything');
  });
  expect(lines).not.toContain(secret.slice(kind.length));
  expect(lines.split(`${kind}[Redacted]`).length).toBeGreaterThan(3);
  for (const line of lines.trim().split('\n')) expect(() => JSON.parse(line) as unknown).not.toThrow();
});

it('leaves out what it is told is secret', () => {
  const request = { headers: { authorization: 'Basic OjpA', cookie: 'a=b', 'x-api-key': 'an api key' } };
  const lines = logged((logger) => logger.log({ req: request, made: { secret: 'of any shape' } }, 'Anything'));
  for (const secret of ['OjpA', 'a=b', 'an api key', 'of any shape']) expect(lines).not.toContain(secret);
});

it.each(['The bearer of news', 'slu_ is how tokens begin', 'sluice=yes', 'Listening on 127.0.0.1:8080'])(
  'keeps words that only look alike: %s',
  (words) =>
    expect(JSON.parse(logged((logger) => logger.log(words, 'Sluice')))).toMatchObject({
      msg: words,
      context: 'Sluice',
    }),
);
