import { z } from 'zod';
import { isTypePattern, matchesType } from '../events/index.js';
import { parseInput } from '../kernel/parse.js';
import { webhookUrlSchema } from '../kernel/webhook-url.js';

/** Somebody outside who is told what happens in a project. */
export interface Webhook {
  readonly id: string;
  readonly projectId: string;
  /** Key of the project. */
  readonly projectKey: string;
  readonly url: string;
  readonly description: string;
  /** Types of events it wants, `*` at an end allowed; none: all. */
  readonly types: readonly string[];
  /** `whsec_` and the key in base64. */
  readonly secret: string;
  /** What signs beside the secret after a rotation. */
  readonly previousSecret: string | null;
  readonly previousSecretUntil: Date | null;
  /** Off, nothing is queued or sent; on again, it goes on where it was. */
  readonly enabled: boolean;
  /** Why Sluice switched it off; null when it did not. */
  readonly disabledReason: string | null;
  readonly version: number;
  readonly createdAt: Date;
}

export const DELIVERY_STATUSES = ['waiting', 'delivered', 'failed'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** One event on its way to one webhook. */
export interface Delivery {
  readonly webhookId: string;
  readonly eventSequence: number;
  readonly status: DeliveryStatus;
  /** Attempts that have ended. */
  readonly attempts: number;
  /** While it waits: not before this. Afterwards: when it ended. */
  readonly nextAttemptAt: Date;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly deliveredAt: Date | null;
}

const typesSchema = z
  .array(z.string().refine(isTypePattern, 'must be a type of events, or the beginning of some and *'))
  .max(50);

export const webhookDraftSchema = z
  .strictObject({
    url: webhookUrlSchema,
    description: z.string().trim().max(500).default(''),
    types: typesSchema.default([]).describe('Types of events it is told of, * at an end allowed; none: all'),
    enabled: z.boolean().default(true),
  })
  .meta({ id: 'WebhookDraft' });

export const webhookEditSchema = z
  .strictObject({
    url: webhookUrlSchema.optional(),
    description: z.string().trim().max(500).optional(),
    types: typesSchema.optional(),
    enabled: z.boolean().optional(),
  })
  .meta({ id: 'WebhookEdit' });

export type WebhookDraft = z.output<typeof webhookDraftSchema>;
export type WebhookEdit = z.output<typeof webhookEditSchema>;

/** Reads the body that creates a webhook; throws `invalid` with every problem. */
export const parseWebhookDraft = (body: unknown): WebhookDraft => parseInput(webhookDraftSchema, body, 'webhook');

/** Reads the body that edits a webhook; throws `invalid` with every problem. */
export const parseWebhookEdit = (body: unknown): WebhookEdit => parseInput(webhookEditSchema, body, 'webhook');

/** The webhook with the fields that an edit gives; switching it on forgets why it was off. */
export function applyWebhookEdit(webhook: Webhook, edit: WebhookEdit): Webhook {
  const { url, description, types, enabled } = edit;
  return {
    ...webhook,
    url: url ?? webhook.url,
    description: description ?? webhook.description,
    types: types ?? webhook.types,
    enabled: enabled ?? webhook.enabled,
    disabledReason: enabled === undefined ? webhook.disabledReason : null,
  };
}

/** Whether a webhook wants events of a type. */
export function wants({ types }: Pick<Webhook, 'types'>, type: string): boolean {
  return types.length === 0 || types.some((pattern) => matchesType(pattern, type));
}

/** How long the secret before a rotation signs beside the new one: Standard Webhooks, "Signature scheme". */
const OVERLAP_MS = 24 * 3_600_000;

/** The webhook with a new secret; the one it had signs on beside it for a day, the one before that no more. */
export function rotateSecret(webhook: Webhook, secret: string, now: Date): Webhook {
  return {
    ...webhook,
    secret,
    previousSecret: webhook.secret,
    previousSecretUntil: new Date(now.getTime() + OVERLAP_MS),
  };
}

type Secrets = Pick<Webhook, 'secret' | 'previousSecret' | 'previousSecretUntil'>;

/** The secrets that sign at a moment, the newest first. */
export function secretsAt({ secret, previousSecret, previousSecretUntil }: Secrets, now: Date): readonly string[] {
  const isOverlap = previousSecret !== null && previousSecretUntil !== null && now < previousSecretUntil;
  return isOverlap ? [secret, previousSecret] : [secret];
}
