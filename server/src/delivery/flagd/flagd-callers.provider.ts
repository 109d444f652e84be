import { Injectable } from '@nestjs/common';
import { Authenticator } from '../../auth/index.js';
import type { Permission } from '../../kernel/permission.js';
import { FlagdConfig } from '../../platform/config/flagd.js';
import { credentialsOfCall } from '../../platform/grpc/call-credentials.js';
import { type Caller, toCaller } from '../hot-route.provider.js';

/** Lets calls of flagd's protocols in. */
@Injectable()
export class FlagdCallers {
  private readonly fallback: string | undefined;

  constructor(
    private readonly authenticator: Authenticator,
    { token }: FlagdConfig,
  ) {
    this.fallback = token === undefined ? undefined : `Bearer ${token}`;
  }

  /**
   * The caller of a call on the gRPC port, by its token or, where it shows none, by the one in the settings. Throws as
   * Authenticator.authorize does, and `forbidden` for tokens that are bound to no environment.
   */
  async admit(call: Parameters<typeof credentialsOfCall>[0], permission: Permission): Promise<Caller> {
    const shown = credentialsOfCall(call);
    const isBare = shown.authorization === undefined && shown.apiKey === undefined;
    const credentials = isBare ? { ...shown, authorization: this.fallback } : shown;
    return toCaller(await this.authenticator.authorize(credentials, permission));
  }
}
