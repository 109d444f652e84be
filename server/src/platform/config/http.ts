import { isIP } from 'node:net';
import { z } from 'zod';
import { wholeNumber } from './number-setting.js';

/** Where people, CI and SDKs reach the server. */
export abstract class HttpConfig {
  abstract readonly host: string;
  /** TCP port; 0 asks the system for a free one. */
  abstract readonly port: number;
  /** The address others use for this server, without a trailing slash; undefined: as each request says. */
  abstract readonly publicUrl: string | undefined;
  /**
   * The addresses and networks of proxies that are believed when they say whom they had a request from; none: who
   * connects is who asks. How many proxies there are would not do: whoever reaches the server could pretend to be all.
   */
  abstract readonly trustedProxies: readonly string[];
}

const PROXIES_MALFORMED =
  'must be the addresses or networks of proxies with commas between: 10.0.0.0/8, 192.168.1.7, loopback';

export const httpSection = z
  .object({
    SLUICE_HTTP_HOST: z.string().default('127.0.0.1').describe('address to listen on; 0.0.0.0 for all'),
    SLUICE_HTTP_PORT: wholeNumber({ min: 0, max: 65_535 }).default(7070),
    SLUICE_PUBLIC_URL: z.url({ protocol: /^https?$/u }).optional(),
    SLUICE_TRUST_PROXY: z
      .string()
      .default('')
      .transform((listed) => (listed.trim() === '' ? [] : listed.split(',').map((each) => each.trim())))
      .refine((proxies) => proxies.every(isNetwork), PROXIES_MALFORMED),
  })
  .transform((env): HttpConfig => ({
    host: env.SLUICE_HTTP_HOST,
    port: env.SLUICE_HTTP_PORT,
    publicUrl: env.SLUICE_PUBLIC_URL?.replace(/\/+$/u, ''),
    trustedProxies: env.SLUICE_TRUST_PROXY,
  }));

/** An address, a network in CIDR notation, or one of the names that stand for networks. */
function isNetwork(text: string): boolean {
  if (/^(?:loopback|linklocal|uniquelocal)$/u.test(text)) return true;
  const [, address = text, bits] = /^(.+)\/([1-9]\d{0,2})$/u.exec(text) ?? [];
  const version = isIP(address);
  return version !== 0 && (bits === undefined || Number(bits) <= (version === 4 ? 32 : 128));
}
