import { z } from 'zod';

/** How the first caller gets in, and how fast anyone may try. */
export abstract class AuthConfig {
  /** The admin token to begin with; undefined: made at first start and printed once. */
  abstract readonly adminToken: string | undefined;
  /** Failed authentications allowed per minute and client address. */
  abstract readonly failedAttemptsPerMinute: number;
  /** Management API requests allowed per minute and token. */
  abstract readonly requestsPerMinute: number;
}

export const authSection = z
  .object({
    SLUICE_ADMIN_TOKEN: z
      .string()
      .regex(/^slu_admin_[A-Za-z0-9_-]{32,}$/u, 'must be slu_admin_ and at least 32 letters or digits')
      .optional(),
    SLUICE_FAILED_AUTH_PER_MINUTE: z.coerce.number().int().min(1).default(30),
    SLUICE_API_REQUESTS_PER_MINUTE: z.coerce.number().int().min(1).default(1200),
  })
  .transform((env): AuthConfig => ({
    adminToken: env.SLUICE_ADMIN_TOKEN,
    failedAttemptsPerMinute: env.SLUICE_FAILED_AUTH_PER_MINUTE,
    requestsPerMinute: env.SLUICE_API_REQUESTS_PER_MINUTE,
  }));
