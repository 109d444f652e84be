import { z } from 'zod';

/** How flagd's clients are let in. */
export abstract class FlagdConfig {
  /**
   * The token that calls of flagd's protocols on the gRPC port count with which show none: some of flagd's providers
   * cannot send one. Undefined: such calls are refused.
   */
  abstract readonly token: string | undefined;
}

export const flagdSection = z
  .object({
    SLUICE_FLAGD_TOKEN: z
      .string()
      .regex(/^slu_(?:server|client)_[A-Za-z0-9_-]{32,}$/u, 'must be a token of kind server or client')
      .optional(),
  })
  .transform((env): FlagdConfig => ({ token: env.SLUICE_FLAGD_TOKEN }));
