import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Authenticator, credentialsOf } from '../../auth/index.js';
import type { Permission } from '../../kernel/permission.js';
import { FlagdConfig } from '../../platform/config/flagd.js';
import { credentialsOfCall } from '../../platform/grpc/call-credentials.js';
import { type Caller, toCaller } from '../hot-route.provider.js';

type Credentials = Parameters<Authenticator['authorize']>[0];

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
    return this.authorize(credentialsOfCall(call), permission, this.fallback);
  }

  /**
   * The caller of a request on the HTTP port, in the same way. Web pages always show a token: any page that its reader
   * looks at could ask otherwise, of whatever server that reader can reach.
   */
  async admitRequest(request: FastifyRequest, permission: Permission): Promise<Caller> {
    const fallback = request.headers.origin === undefined ? this.fallback : undefined;
    return this.authorize(credentialsOf(request), permission, fallback);
  }

  private async authorize(shown: Credentials, permission: Permission, fallback: string | undefined): Promise<Caller> {
    const isBare = shown.authorization === undefined && shown.apiKey === undefined;
    const credentials = isBare ? { ...shown, authorization: fallback } : shown;
    return toCaller(await this.authenticator.authorize(credentials, permission));
  }
}
