import {
  ErrorCode,
  type EvaluationContext,
  GeneralError,
  type JsonValue,
  OpenFeatureEventEmitter,
  type Provider,
  ProviderEvents,
  ProviderFatalError,
  type ResolutionDetails,
  type TrackingEventDetails,
} from '@openfeature/server-sdk';
import { startClient, type StartedClient } from '../client.js';
import type { SluiceClient } from '../sluice-client.js';
import type { ClientOptions } from '../client-options.js';
import type { FlagDetails } from '../flag-reader.js';

/**
 * Sluice as an OpenFeature provider for servers. Made from options it opens its client when OpenFeature initialises
 * it and closes it with OpenFeature; made from a client it leaves that client to its owner.
 * Status: READY once a snapshot is served; STALE while that comes from disk or the control plane has been silent;
 * ERROR while the token is refused or no snapshot has come, in both cases READY follows by itself. FATAL only when
 * the options are unusable, or the token is refused and there is no snapshot at all.
 * Tracking counts events and sums their values, and credits the current unit; it keeps no other detail.
 */
export class SluiceProvider implements Provider {
  readonly metadata = { name: 'sluice' } as const;
  readonly runsOn = 'server';
  readonly events = new OpenFeatureEventEmitter();

  readonly #source: ClientOptions | SluiceClient;
  #client: SluiceClient | undefined;
  #stopListening: readonly (() => void)[] = [];

  constructor(source: ClientOptions | SluiceClient = {}) {
    this.#source = source;
  }

  async initialize(): Promise<void> {
    await this.onClose();
    const { client, initialized } = start(this.#source);
    this.#client = client;
    await initialized;
    if (this.#client !== client) throw new GeneralError('The provider was closed while it was being initialised.');
    this.#listen(client);

    if (client.revision !== null) {
      // OpenFeature sets READY once this resolves; what is not quite so comes after.
      if (client.state !== 'ready') setImmediate(() => this.#tellState(client));
      return;
    }
    const message = client.problem?.message ?? 'No snapshot has arrived yet.';
    throw client.problem?.code === 'TOKEN_REFUSED' ? new ProviderFatalError(message) : new GeneralError(message);
  }

  async onClose(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    for (const stop of this.#stopListening) stop();
    this.#stopListening = [];
    if (client !== this.#source) await client?.close();
  }

  async resolveBooleanEvaluation(flagKey: string, defaultValue: boolean, context: EvaluationContext) {
    return toResolution(this.#client?.boolean.details(flagKey, context, defaultValue), defaultValue);
  }

  async resolveStringEvaluation(flagKey: string, defaultValue: string, context: EvaluationContext) {
    return toResolution(this.#client?.string.details(flagKey, context, defaultValue), defaultValue);
  }

  async resolveNumberEvaluation(flagKey: string, defaultValue: number, context: EvaluationContext) {
    return toResolution(this.#client?.number.details(flagKey, context, defaultValue), defaultValue);
  }

  async resolveObjectEvaluation<T extends JsonValue>(
    flagKey: string,
    defaultValue: T,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<T>> {
    const details = this.#client?.json.details(flagKey, context, defaultValue);
    // OpenFeature's interface lets the caller name the type of a JSON value; nothing can check it here.
    return toResolution(details as FlagDetails<T> | undefined, defaultValue);
  }

  track(event: string, context: EvaluationContext, details?: TrackingEventDetails): void {
    const value = details?.value;
    this.#client?.track(event, context, value === undefined ? undefined : { value });
  }

  #listen(client: SluiceClient): void {
    this.#stopListening = [
      client.on('ready', () => this.events.emit(ProviderEvents.Ready)),
      client.on('stale', () => this.#tellState(client)),
      client.on('error', () => this.#tellState(client)),
      client.on('changed', ({ revision, flagsChanged }) =>
        this.events.emit(ProviderEvents.ConfigurationChanged, {
          flagsChanged: [...flagsChanged],
          metadata: { revision },
        }),
      ),
    ];
  }

  #tellState(client: SluiceClient): void {
    const message = client.problem?.message ?? 'The control plane is silent.';
    if (client.state === 'stale') this.events.emit(ProviderEvents.Stale, { message });
    // Never fatal here: OpenFeature would stop asking for the values that still hold.
    if (client.state === 'error') this.events.emit(ProviderEvents.Error, { message, errorCode: ErrorCode.GENERAL });
  }
}

/** A client given is its owner's, ready or not; options make one. Unusable options no retry can mend. */
function start(source: ClientOptions | SluiceClient): StartedClient {
  if ('evaluateAll' in source) return { client: source, initialized: Promise.resolve() };
  try {
    return startClient(source);
  } catch (thrown) {
    throw new ProviderFatalError(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function toResolution<T>(details: FlagDetails<T> | undefined, defaultValue: T): ResolutionDetails<T> {
  if (!details) return { value: defaultValue, reason: 'ERROR', errorCode: ErrorCode.PROVIDER_NOT_READY };
  const { value, variant, reason, errorCode, errorMessage, flagMetadata } = details;
  return {
    value,
    reason,
    flagMetadata,
    ...(variant !== undefined && { variant }),
    ...(errorCode !== undefined && { errorCode: ErrorCode[errorCode] }),
    ...(errorMessage !== undefined && { errorMessage }),
  };
}
