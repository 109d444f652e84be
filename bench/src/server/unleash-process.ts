/** Unleash's server; its argument is JSON: the database, the file of flags it begins with, and its callers' tokens. */
import type { AddressInfo } from 'node:net';
import { start } from 'unleash-server';
import { answerCosts } from '../answer-costs.js';
import type { UnleashSettings } from './unleash-setup.js';

// What the bench writes.
const { databaseUrl, file, clientToken, frontendToken } = JSON.parse(process.argv[2] ?? '') as UnleashSettings;
const UNLIMITED = 1_000_000_000;
type Options = NonNullable<Parameters<typeof start>[0]>;
type Tokens = NonNullable<NonNullable<Options['authentication']>['initApiTokens']>;
const scope = { environment: 'development', projects: ['*'] };
// Its names of types are an enumeration that it does not export.
const initApiTokens = [
  { ...scope, secret: clientToken, tokenName: 'bench', type: 'backend' },
  { ...scope, secret: frontendToken, tokenName: 'bench-frontend', type: 'frontend' },
] as unknown as Tokens;

const unleash = await start({
  databaseUrl,
  db: { ssl: false },
  server: { port: 0, host: '127.0.0.1' },
  versionCheck: { enable: false },
  telemetry: false,
  getLogger: () => ({
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: console.error,
    fatal: console.error,
  }),
  authentication: { initApiTokens },
  // The limits are not what is measured.
  rateLimiting: { sdkApiMaxPerMinute: UNLIMITED, tokenAuthenticationMaxPerMinute: UNLIMITED },
  import: { file, project: 'default', environment: 'development' },
});
const { port } = unleash.server?.address() as AddressInfo; // it listens on TCP
answerCosts();
process.send?.({ url: `http://127.0.0.1:${port}` });
