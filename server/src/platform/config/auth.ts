import { z } from 'zod';
import { numberOf, wholeNumber } from './number-setting.js';

/** How the first caller gets in, and how fast anyone may try. */
export abstract class AuthConfig {
  /** The admin token to begin with; undefined: made at first start and printed once. */
  abstract readonly adminToken: string | undefined;
  /** Failed authentications allowed per minute and client address. */
  abstract readonly failedAttemptsPerMinute: number;
  /** Management API requests allowed per minute and token or person. */
  abstract readonly requestsPerMinute: number;
  /** Failed sign-ins allowed per quarter of an hour and account. */
  abstract readonly failedSignInsPerAccount: number;
  /** A session that nobody uses ends after this. */
  abstract readonly sessionIdleMs: number;
  /** A session ends after this, however busy it is. */
  abstract readonly sessionMaxMs: number;
}

export const authSection = z
  .object({
    SLUICE_ADMIN_TOKEN: z
      .string()
      .regex(/^slu_admin_[A-Za-z0-9_-]{32,}$/u, 'must be slu_admin_ and at least 32 letters or digits')
      .optional(),
    SLUICE_FAILED_AUTH_PER_MINUTE: wholeNumber({ min: 1 }).default(30),
    SLUICE_API_REQUESTS_PER_MINUTE: wholeNumber({ min: 1 }).default(1200),
    SLUICE_FAILED_SIGN_INS_PER_ACCOUNT: wholeNumber({ min: 1 }).default(10),
    SLUICE_SESSION_IDLE_HOURS: numberOf('hours', { min: 0.01, max: 720 }).default(12),
    SLUICE_SESSION_MAX_DAYS: numberOf('days', { min: 0.01, max: 365 }).default(30),
  })
  .transform((env): AuthConfig => ({
    adminToken: env.SLUICE_ADMIN_TOKEN,
    failedAttemptsPerMinute: env.SLUICE_FAILED_AUTH_PER_MINUTE,
    requestsPerMinute: env.SLUICE_API_REQUESTS_PER_MINUTE,
    failedSignInsPerAccount: env.SLUICE_FAILED_SIGN_INS_PER_ACCOUNT,
    sessionIdleMs: env.SLUICE_SESSION_IDLE_HOURS * 3_600_000,
    sessionMaxMs: env.SLUICE_SESSION_MAX_DAYS * 24 * 3_600_000,
  }));
