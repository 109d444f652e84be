import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Authenticator, credentialsOf } from '../../auth/index.js';
import type { Permission } from '../../kernel/permission.js';
import { FlagdConfig } from '../../platform/config/flagd.js';
import { HttpConfig } from '../../platform/config/http.js';
import { type CallCredentials, callCredentials, type ShownCall } from '../../platform/grpc/call-credentials.js';
import { type Caller, headerOf, toCaller } from '../hot-route.provider.js';

/** Where flagd's clients say which flags they ask for. */
const SELECTOR_HEADER = 'flagd-selector';

/** A caller of flagd's protocols. */
export interface FlagdCaller extends Caller {
  /** Which flags it asks for; empty: those of its token. See checkSelector. */
  readonly selector: string;
}

/** Lets calls of flagd's protocols in. */
@Injectable()
export class FlagdCallers implements OnModuleInit {
  private readonly logger = new Logger('FlagdCallers');
  private readonly credentialsOfCall: (call: ShownCall) => CallCredentials;

  constructor(
    private readonly authenticator: Authenticator,
    private readonly config: FlagdConfig,
    { trustedProxies }: HttpConfig,
  ) {
    this.credentialsOfCall = callCredentials(trustedProxies);
  }

  onModuleInit(): void {
    if (this.config.token?.startsWith('slu_server_') !== true) return;
    this.logger.warn(
      'SLUICE_FLAGD_TOKEN is a token of kind server: whoever reaches the gRPC port can read the rules of its ' +
        'environment. Keep that port to those who may, or set one of kind client.',
    );
  }

  /**
   * The caller of a call on the gRPC port, by its token or, where it shows none, by the one in the settings. Throws as
   * Authenticator.authorize does, and `forbidden` for tokens that are bound to no environment.
   */
  async admit(call: ShownCall, permission: Permission): Promise<FlagdCaller> {
    const shown = this.credentialsOfCall(call);
    const { token } = this.config;
    const isBare = token !== undefined && shown.authorization === undefined && shown.apiKey === undefined;
    const credentials = isBare ? { ...shown, authorization: `Bearer ${token}` } : shown;
    const [selector] = call.metadata.get(SELECTOR_HEADER);
    return {
      ...toCaller(await this.authenticator.authorize(credentials, permission)),
      selector: typeof selector === 'string' ? selector : '',
    };
  }

  /** The caller of a request on the HTTP port, which is open to the world, and where all show their own token. */
  async admitRequest(request: FastifyRequest, permission: Permission): Promise<FlagdCaller> {
    const caller = toCaller(await this.authenticator.authorize(credentialsOf(request), permission));
    return { ...caller, selector: headerOf(request, SELECTOR_HEADER) ?? '' };
  }
}
