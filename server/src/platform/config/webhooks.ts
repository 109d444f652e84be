import { z } from 'zod';
import { wholeNumber } from './number-setting.js';

/** Where webhooks may go, and how long one may take. */
export abstract class WebhookConfig {
  /** Whether they may go to loopback and private networks. Link-local addresses (metadata services) never. */
  abstract readonly allowPrivate: boolean;
  /** From the first packet to the answer's headers. */
  abstract readonly timeoutMs: number;
}

export const webhookSection = z
  .object({
    SLUICE_WEBHOOK_PRIVATE: z.enum(['true', 'false']).default('true'),
    SLUICE_WEBHOOK_TIMEOUT_MS: wholeNumber({ min: 100, max: 30_000 }).default(15_000),
  })
  .transform((env): WebhookConfig => ({
    allowPrivate: env.SLUICE_WEBHOOK_PRIVATE === 'true',
    timeoutMs: env.SLUICE_WEBHOOK_TIMEOUT_MS,
  }));
