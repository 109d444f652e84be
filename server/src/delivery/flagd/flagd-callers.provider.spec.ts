import { afterEach, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { Authenticator } from '../../auth/index.js';
import { FlagdCallers } from './flagd-callers.provider.js';

afterEach(() => {
  Logger.overrideLogger(false);
});

/** What a server that is told of a token says when it starts. */
function saidOf(token: string | undefined): readonly unknown[] {
  const said: unknown[] = [];
  const ignore = (): undefined => undefined;
  Logger.overrideLogger({ log: ignore, error: ignore, warn: (message: unknown) => said.push(message) });
  const nobody = {} as Authenticator; // nobody calls
  const http = { host: '127.0.0.1', port: 0, publicUrl: undefined, trustedProxies: [] };
  new FlagdCallers(nobody, { token }, http).onModuleInit();
  return said;
}

it('warns that rules can be read without a token when it is told of one that may', () => {
  expect(saidOf(`slu_server_${'a'.repeat(43)}`)).toEqual([expect.stringMatching(/read the rules of its environment/u)]);
  expect([saidOf(`slu_client_${'a'.repeat(43)}`), saidOf(undefined)]).toEqual([[], []]);
});
