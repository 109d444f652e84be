import {
  AsyncLocalStorageTransactionContextPropagator,
  type Client,
  type EvaluationContext,
  type EvaluationDetails,
  type FlagEvaluationOptions,
  type FlagValue,
  type Hook,
  type JsonValue,
  OpenFeature,
  ProviderEvents,
} from '@openfeature/server-sdk';
import { SluiceProvider } from '@sluice/sdk/openfeature';
import { aMuteServer, SeverableRelay } from './severable-relay.js';

/** A server that holds the flags of test-flags.json. */
export interface OpenFeatureTarget {
  readonly url: string;
  /** Of the environment that holds them, `slu_server_…`. */
  readonly token: string;
  close(): Promise<void>;
}

export interface HookCall {
  readonly hook: string;
  readonly stage: 'before' | 'after' | 'error' | 'finally';
  readonly details: EvaluationDetails<FlagValue> | undefined;
}

export type Level = 'API' | 'Transaction' | 'Client' | 'Invocation' | 'Before Hooks';

const ignore = () => undefined;
const QUIET = { cacheDir: false, logger: { debug: ignore, info: ignore, warn: ignore, error: ignore } } as const;

/** Remembers the context that reached the provider. */
class RecordingProvider extends SluiceProvider {
  context: EvaluationContext | undefined;

  override resolveBooleanEvaluation(flagKey: string, defaultValue: boolean, context: EvaluationContext) {
    this.context = context;
    return super.resolveBooleanEvaluation(flagKey, defaultValue, context);
  }
}

/** What one scenario's steps share. */
export class Scenario {
  readonly client: Client = OpenFeature.getClient();
  readonly hookCalls: HookCall[] = [];
  readonly contexts: Record<Level, EvaluationContext> = {
    API: {},
    Transaction: {},
    Client: {},
    Invocation: {},
    'Before Hooks': {},
  };
  levels: readonly Level[] = [];
  flag: { readonly type: string; readonly key: string; readonly fallback: string } | undefined;
  options: FlagEvaluationOptions | undefined;
  contextBefore: EvaluationContext | undefined;
  details: EvaluationDetails<FlagValue> | undefined;
  returnedBeforeDone = false;
  #recording: RecordingProvider | undefined;
  readonly #closing: (() => Promise<void>)[] = [];

  constructor(private readonly target: OpenFeatureTarget) {}

  get mergedContext(): EvaluationContext | undefined {
    return this.#recording?.context;
  }

  async useStableProvider(): Promise<void> {
    await OpenFeature.setProviderAndWait(new SluiceProvider({ ...QUIET, ...this.#access }));
  }

  async useRecordingProvider(): Promise<void> {
    this.#recording = new RecordingProvider({ ...QUIET, ...this.#access });
    OpenFeature.setTransactionContextPropagator(new AsyncLocalStorageTransactionContextPropagator());
    await OpenFeature.setProviderAndWait(this.#recording);
  }

  /** Still initialising: the server it asks has not answered yet. */
  async useNotReadyProvider(): Promise<void> {
    const mute = await aMuteServer();
    this.#closing.push(() => mute.close());
    OpenFeature.setProvider(new SluiceProvider({ ...QUIET, ...this.#access, url: mute.url, initTimeoutMs: 60_000 }));
  }

  /** Initialised in vain: nobody was there. */
  async useErrorProvider(): Promise<void> {
    const relay = await SeverableRelay.to(this.target.url);
    const { url } = relay;
    await relay.sever();
    const provider = new SluiceProvider({ ...QUIET, ...this.#access, url, initTimeoutMs: 200 });
    await OpenFeature.setProviderAndWait(provider).catch(ignore);
  }

  async useFatalProvider(): Promise<void> {
    const provider = new SluiceProvider({ ...QUIET, url: this.target.url, token: 'slu_server_nobody_gave_out' });
    await OpenFeature.setProviderAndWait(provider).catch(ignore);
  }

  /** Was ready, then lost the network. */
  async useStaleProvider(): Promise<void> {
    const relay = await SeverableRelay.to(this.target.url);
    const provider = new SluiceProvider({ ...QUIET, ...this.#access, url: relay.url, staleAfterMs: 500 });
    await OpenFeature.setProviderAndWait(provider);
    const isStale = new Promise((resolve) => this.client.addHandler(ProviderEvents.Stale, resolve));
    await relay.sever();
    await isStale;
  }

  hookNamed(hook: string): Hook {
    const note = (stage: HookCall['stage'], details?: EvaluationDetails<FlagValue>) =>
      void this.hookCalls.push({ hook, stage, details });
    return {
      before: () => note('before'),
      after: (_context, details) => note('after', details),
      error: () => note('error'),
      finally: (_context, details) => note('finally', details),
    };
  }

  /** Evaluates the scenario's flag with each level's context in its place. */
  async evaluate(): Promise<void> {
    OpenFeature.setContext(this.contexts.API);
    this.client.setContext(this.contexts.Client);
    const beforeHooks: Hook = { before: () => this.contexts['Before Hooks'] };
    const hooks = [...(this.options?.hooks ?? []), beforeHooks];
    this.contextBefore = structuredClone(this.contexts.Invocation);
    let pending: Promise<EvaluationDetails<FlagValue>> | undefined;
    OpenFeature.setTransactionContext(this.contexts.Transaction, () => {
      pending = this.#ask({ hooks });
    });
    let isDone = false;
    void pending?.then(() => (isDone = true));
    this.returnedBeforeDone = !isDone;
    this.details = await pending;
  }

  async tearDown(): Promise<void> {
    await OpenFeature.clearProviders();
    OpenFeature.setContext({});
    OpenFeature.clearHooks();
    OpenFeature.clearHandlers();
    for (const close of this.#closing) await close();
  }

  get #access() {
    return { url: this.target.url, token: this.target.token };
  }

  #ask(options: FlagEvaluationOptions): Promise<EvaluationDetails<FlagValue>> {
    const { type, key, fallback } = this.flag ?? { type: 'Boolean', key: 'boolean-flag', fallback: 'false' };
    const context = this.contexts.Invocation;
    const value = parseValue(type, fallback);
    switch (typeof value) {
      case 'boolean':
        return this.client.getBooleanDetails(key, value, context, options);
      case 'string':
        return this.client.getStringDetails(key, value, context, options);
      case 'number':
        return this.client.getNumberDetails(key, value, context, options);
      default:
        return this.client.getObjectDetails(key, value, context, options);
    }
  }
}

/** A value as the feature files write it. */
export function parseValue(type: string, text: string): JsonValue {
  if (text === 'null') return null;
  switch (type.toLowerCase()) {
    case 'boolean':
      return text === 'true';
    case 'integer':
    case 'float':
      return Number(text);
    case 'object':
      // Cells escape their quotes; JSON.parse returns JSON.
      return JSON.parse(text.replaceAll('\\"', '"')) as JsonValue;
    case 'string':
      return text;
    default:
      throw new Error(`the feature files have no type ${type}`);
  }
}
