import { describe, expect, it } from '@jest/globals';
import { parseConfig } from './config.js';

it('needs nothing: the embedded default', () => {
  const config = parseConfig({});
  expect(config).toMatchObject({
    http: { host: '127.0.0.1', port: 7070, publicUrl: undefined, trustedProxies: [] },
    database: { url: undefined, dataDir: '.sluice' },
    redis: { url: undefined },
    auth: { adminToken: undefined },
    logging: { level: 'info' },
  });
});

it('takes an empty setting for an absent one', () => {
  expect(parseConfig({ DATABASE_URL: '', SLUICE_HTTP_PORT: '' })).toEqual(parseConfig({}));
});

it('reads every setting', () => {
  const adminToken = `slu_admin_${'a'.repeat(43)}`;
  const config = parseConfig({
    DATABASE_URL: 'postgresql://u:p@db:5432/sluice',
    REDIS_URL: 'rediss://cache:6379/1',
    SLUICE_HTTP_HOST: '0.0.0.0',
    SLUICE_HTTP_PORT: '0',
    SLUICE_PUBLIC_URL: 'https://sluice.example.com/base//',
    SLUICE_TRUST_PROXY: '10.0.0.0/8, 192.168.1.7,2001:db8::/32 , loopback',
    SLUICE_DATA_DIR: '/var/lib/sluice',
    SLUICE_ADMIN_TOKEN: adminToken,
    SLUICE_LOG_LEVEL: 'silent',
  });
  expect(config).toMatchObject({
    http: {
      host: '0.0.0.0',
      port: 0,
      publicUrl: 'https://sluice.example.com/base',
      trustedProxies: ['10.0.0.0/8', '192.168.1.7', '2001:db8::/32', 'loopback'],
    },
    database: { url: 'postgresql://u:p@db:5432/sluice', dataDir: '/var/lib/sluice' },
    redis: { url: 'rediss://cache:6379/1' },
    auth: { adminToken },
    logging: { level: 'silent' },
  });
});

describe('settings that cannot be used', () => {
  const secrets = ['hunter2', 'slu_admin_tooshort', 'swordfish'];
  const broken = {
    DATABASE_URL: 'mysql://root:hunter2@db/sluice',
    REDIS_URL: 'http://:swordfish@cache',
    SLUICE_HTTP_PORT: '70707',
    SLUICE_PUBLIC_URL: 'sluice.example.com',
    SLUICE_ADMIN_TOKEN: 'slu_admin_tooshort',
    SLUICE_LOG_LEVEL: 'loud',
  };
  const sentence = messageOf(() => parseConfig(broken));

  it.each(Object.keys(broken))('are all named at once: %s', (name) => expect(sentence).toContain(name));

  it.each(secrets)('are named without their values', (secret) => expect(sentence).not.toContain(secret));

  it.each(['-1', '65536', '7070.5', 'http', 'NaN'])('have no port %s', (port) => {
    const told = messageOf(() => parseConfig({ SLUICE_HTTP_PORT: port }))
      .split('\n')
      .slice(1);
    expect(told).toContain('  SLUICE_HTTP_PORT: must be a whole number from 0 to 65535');
  });

  it.each([
    ['SLUICE_GRPC_PORT', 'x', 'must be a whole number from 0 to 65535'],
    ['SLUICE_API_REQUESTS_PER_MINUTE', '0', 'must be a whole number of at least 1'],
    ['SLUICE_SESSION_IDLE_HOURS', 'long', 'must be a number of hours from 0.01 to 720'],
    ['SLUICE_SHUTDOWN_LEAD_SECONDS', '121', 'must be a number of seconds from 0 to 120'],
    ['SLUICE_TICK_SECONDS', 'often', 'must be a number of seconds from 0.1 to 300'],
    ['SLUICE_WEBHOOK_TIMEOUT_MS', '1', 'must be a whole number from 100 to 30000'],
  ])('say what %s takes, of which %j is none', (name, value, sentence) => {
    expect(messageOf(() => parseConfig({ [name]: value }))).toContain(`  ${name}: ${sentence}`);
  });

  it.each(['1', 'true', 'proxy.internal', '10.0.0.0/33', '0.0.0.0/0', '::1/129', '10.0.0.1,,10.0.0.2', '10.0.0.0/08'])(
    'have no proxy %s',
    (proxies) => {
      const refusal = messageOf(() => parseConfig({ SLUICE_TRUST_PROXY: proxies }));
      expect(refusal).toContain('SLUICE_TRUST_PROXY: must be the addresses or networks of proxies');
    },
  );
});

function messageOf(work: () => unknown): string {
  try {
    work();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}
