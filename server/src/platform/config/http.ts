import { z } from 'zod';

/** Where people, CI and SDKs reach the server. */
export abstract class HttpConfig {
  abstract readonly host: string;
  /** TCP port; 0 asks the system for a free one. */
  abstract readonly port: number;
  /** The address others use for this server, without a trailing slash; undefined: as each request says. */
  abstract readonly publicUrl: string | undefined;
}

export const httpSection = z
  .object({
    SLUICE_HTTP_HOST: z.string().default('127.0.0.1').describe('address to listen on; 0.0.0.0 for all'),
    SLUICE_HTTP_PORT: z.coerce.number().int().min(0).max(65_535).default(7070),
    SLUICE_PUBLIC_URL: z.url({ protocol: /^https?$/u }).optional(),
  })
  .transform((env): HttpConfig => ({
    host: env.SLUICE_HTTP_HOST,
    port: env.SLUICE_HTTP_PORT,
    publicUrl: env.SLUICE_PUBLIC_URL?.replace(/\/+$/u, ''),
  }));
