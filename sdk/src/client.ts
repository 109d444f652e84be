import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { Connection } from './delivery/connection.js';
import type { Endpoint } from './delivery/endpoint.js';
import { cacheFileName, SnapshotCacheFile } from './delivery/snapshot-cache-file.js';
import { type Change, SnapshotStore } from './delivery/snapshot-store.js';
import { type ClientState, stateOf } from './delivery/status.js';
import type { EvaluationContext } from './evaluation/context.js';
import type { VersionChoice } from './evaluation/choose-version.js';
import type { Evaluation } from './evaluation/reason.js';
import type { JsonValue } from './evaluation/snapshot.js';
import { type ClientEventName, type ClientListener, EventHub } from './events.js';
import { FlagEvaluator, type FlagReader } from './flag-reader.js';
import { type ClientOptions, type ClientSettings, parseOptions } from './client-options.js';
import type { Logger } from './logger.js';
import { Faults } from './parallel-run/faults.js';
import type { ParallelOptions, ParallelRunOptions, ShadowArm } from './parallel-run/index.js';
import { ParallelRuns } from './parallel-run/parallel-runs.js';
import type { Problem } from './problem.js';
import { type Runtime, systemRuntime } from './runtime.js';
import type { SluiceClient, TrackingDetails } from './sluice-client.js';
import type { InstanceReport } from './telemetry/batch.js';
import { Measurements } from './telemetry/measurements.js';
import { OpenUnits } from './telemetry/open-units.js';
import { Reporter } from './telemetry/reporter.js';
import { parseRouting } from './telemetry/routing.js';
import { sendBatch } from './telemetry/sender.js';
import { Summary } from './telemetry/summary.js';
import { Tracking } from './telemetry/tracking.js';
import { type Unit, type UnitHost, UnitRecord } from './telemetry/unit.js';
import { SDK_NAME } from './version.js';
import { VersionChooser } from './version-chooser.js';

const CLOSE_TIMEOUT_MS = 2_000;

/**
 * Connects to a control plane. Resolves at the first snapshot, when the token is refused, or after `initTimeoutMs`,
 * whichever is first: then with the last good snapshot from disk, else with code defaults, see `state` and `problem`.
 * Rejects only when the options cannot be used, with a sentence that says what to do.
 */
export async function createClient(options: ClientOptions = {}): Promise<SluiceClient> {
  const { client, initialized } = startClient(options);
  await initialized;
  return client;
}

/** A client on its way: usable at once, with code defaults until the first snapshot. */
export interface StartedClient {
  readonly client: SluiceClient;
  /** Resolves when `createClient` would; never rejects. */
  readonly initialized: Promise<void>;
}

/** `createClient` without the wait. Throws when the options cannot be used. */
export function startClient(options: ClientOptions, runtime: Runtime = systemRuntime(options.fetch)): StartedClient {
  const client = new Client(parseOptions(options, process.env, process.platform), runtime);
  return { client, initialized: client.initialize() };
}

class Client implements SluiceClient {
  readonly boolean: FlagReader<boolean>;
  readonly string: FlagReader<string>;
  readonly number: FlagReader<number>;
  readonly json: FlagReader<JsonValue>;

  readonly #instanceId: string = randomUUID();
  readonly #startedAtMs: number;
  readonly #store = new SnapshotStore();
  readonly #summary = new Summary();
  readonly #tracking = new Tracking();
  readonly #measurements = new Measurements();
  readonly #openUnits = new OpenUnits<UnitRecord>();
  readonly #currentUnit = new AsyncLocalStorage<UnitRecord>();
  readonly #unitHost: UnitHost;
  readonly #parallelRuns: ParallelRuns;
  readonly #events: EventHub;
  readonly #evaluator: FlagEvaluator;
  readonly #versions: VersionChooser;
  readonly #connection: Connection;
  readonly #reporter: Reporter;
  readonly #cacheFile: SnapshotCacheFile | undefined;
  readonly #sends = new AbortController();

  #state: ClientState = 'initializing';
  #isInitializing = true;
  #endInitializing: () => void = () => undefined;
  #restoring: Promise<void> = Promise.resolve();
  #problem: Problem | undefined;
  #heardAtMs: number | undefined;
  #appliedAtMs: number | undefined;
  #cancelStaleTimer: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  constructor(
    private readonly settings: ClientSettings,
    private readonly runtime: Runtime,
  ) {
    const { url, token, logger, telemetryIntervalMs: intervalMs, initTimeoutMs } = settings;
    const endpoint: Endpoint = { url, token, instanceId: this.#instanceId };
    this.#startedAtMs = runtime.elapsedMs();
    this.#events = new EventHub(logger);
    const currentUnit = () => this.#currentUnit.getStore();
    this.#evaluator = new FlagEvaluator(this.#store, this.#summary, () => runtime.now(), currentUnit);
    this.#versions = new VersionChooser(this.#store);
    this.#unitHost = {
      current: this.#currentUnit,
      measurements: this.#measurements,
      elapsedMs: () => runtime.elapsedMs(),
      evaluate: (unit, type, flagKey, fallback) => this.#evaluator.read(unit, type, flagKey, unit.context, fallback),
      choose: (unit, serviceKey, context, among) => this.#versions.choose(unit, serviceKey, context, among),
      forget: (unit) => this.#openUnits.delete(unit),
    };
    this.#parallelRuns = new ParallelRuns({
      runtime,
      faults: new Faults(logger),
      version: settings.service?.version ?? '',
      currentContext: () => this.#currentUnit.getStore()?.context,
      mute: (work) => this.#mute(work),
      // What is no object is no context, as everywhere.
      variationOf: (flag, context) => this.#evaluator.variationOf(flag, context as EvaluationContext),
    });
    this.boolean = this.#evaluator.reader('boolean');
    this.string = this.#evaluator.reader('string');
    this.number = this.#evaluator.reader('number');
    this.json = this.#evaluator.reader('json');
    this.#cacheFile = settings.cacheDir
      ? new SnapshotCacheFile(settings.cacheDir, cacheFileName(url, token), this.#instanceId, logger)
      : undefined;
    // A stream that is blocked must leave time to poll before initialisation ends.
    const firstSnapshotMs = initTimeoutMs * 0.4;
    this.#connection = new Connection(
      { endpoint, store: this.#store, settings, runtime, logger, firstSnapshotMs },
      {
        contact: () => this.#hear(),
        change: (change) => this.#apply(change),
        problem: (problem) => this.#suffer(problem),
      },
    );
    this.#reporter = new Reporter({
      summary: this.#summary,
      tracking: this.#tracking,
      measurements: this.#measurements,
      takeDroppedUnits: () => this.#openUnits.takeDropped(runtime.elapsedMs()),
      takeParallelRuns: () => this.#parallelRuns.takeReports(),
      runtime,
      logger,
      intervalMs,
      newBatchId: () => randomUUID(),
      describeInstance: () => this.#describeInstance(),
      send: (batch) => sendBatch(endpoint, batch, runtime, this.#sends.signal),
    });
  }

  get state(): ClientState {
    return this.#state;
  }

  get problem(): Problem | undefined {
    return this.#state === 'ready' ? undefined : this.#problem;
  }

  get revision(): number | null {
    return this.#store.revision;
  }

  async initialize(): Promise<void> {
    const { listeners, initTimeoutMs } = this.settings;
    if (listeners.ready) this.on('ready', listeners.ready);
    if (listeners.stale) this.on('stale', listeners.stale);
    if (listeners.error) this.on('error', listeners.error);
    if (listeners.changed) this.on('changed', listeners.changed);

    await new Promise<void>((resolve) => {
      const finish = () => {
        cancel();
        resolve();
      };
      // Without this timer a process with nothing else to do would end before its client is there.
      const cancel = this.runtime.schedule(initTimeoutMs, finish, { holdsProcess: true });
      this.#endInitializing = finish;
      this.#restoring = this.#restore();
      this.#connection.start();
      this.#reporter.start();
    });
    this.#isInitializing = false;
    this.#problem ??= this.#timeoutProblem();
    this.#review();
  }

  evaluateAll(context: EvaluationContext): Readonly<Record<string, Evaluation>> {
    return this.#evaluator.evaluateAll(context);
  }

  parallelRun<T>(key: string, options: ParallelRunOptions<T>): T {
    return this.#parallelRuns.parallelRun(key, options);
  }

  parallel<Args extends readonly unknown[], T>(
    key: string,
    fn: (...args: Args) => T,
    candidate: (...args: Args) => NoInfer<T>,
    options?: ParallelOptions<T, Args>,
  ): (...args: Args) => T {
    return this.#parallelRuns.parallel(key, fn, candidate, options);
  }

  shadow(): ShadowArm | undefined {
    return this.#parallelRuns.shadow();
  }

  get parallelRunErrors(): Readonly<Record<string, number>> {
    return this.#parallelRuns.parallelRunErrors;
  }

  /**
   * Runs the work as a unit that is never credited, in place of the current one. The shadow arm's scope comes back to that
   * afterwards, for which `run` would make one more context: a third of what it takes to guard an arm within a unit.
   */
  #mute<T>(work: () => T): T {
    const unit = this.#currentUnit.getStore();
    if (unit === undefined) return work();
    const muted = new UnitRecord(this.#unitHost, unit.context, unit.routes);
    muted.drop();
    this.#currentUnit.enterWith(muted);
    return work();
  }

  track(event: string, _context?: EvaluationContext, details?: TrackingDetails): void {
    if (this.shadow() !== undefined) return; // nobody did it
    this.#tracking.record(event, details?.value, this.runtime.now());
    this.#currentUnit.getStore()?.track(event, details?.value);
  }

  unit(context: EvaluationContext, routing?: string | readonly string[]): Unit {
    const unit = new UnitRecord(this.#unitHost, context, parseRouting(routing));
    if (this.shadow() === undefined) this.#openUnits.add(unit);
    else unit.drop();
    return unit;
  }

  currentUnit(): Unit | undefined {
    return this.#currentUnit.getStore();
  }

  version(serviceKey: string, context: EvaluationContext): VersionChoice {
    return this.#versions.choose(this.#currentUnit.getStore(), serviceKey, context);
  }

  on<Name extends ClientEventName>(name: Name, listener: ClientListener<Name>): () => void {
    return this.#events.on(name, listener);
  }

  flush(): Promise<boolean> {
    return this.#reporter.flush();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#endInitializing();
    this.#cancelStaleTimer?.();
    this.#parallelRuns.close();
    await new Promise<void>((resolve) => {
      const cancel = this.runtime.schedule(CLOSE_TIMEOUT_MS, resolve, { holdsProcess: true });
      const work = [this.#connection.stop(), this.#reporter.leave(), this.#cacheFile?.settle() ?? Promise.resolve()];
      void Promise.allSettled(work).then(() => {
        cancel();
        resolve();
      });
    });
    this.#sends.abort();
  }

  /** The disk copy serves until the control plane is heard; what it said meanwhile is newer. */
  async #restore(): Promise<void> {
    const cached = await this.#cacheFile?.read();
    if (!cached || this.#store.snapshot) return;
    const change = this.#store.put(cached.snapshot, cached.etag);
    this.settings.logger.info(`serving revision ${cached.snapshot.revision} from disk until the control plane answers`);
    if (change) this.#announce(change);
    this.#review();
  }

  #apply(change: Change): void {
    const { snapshot, etag } = this.#store;
    if (snapshot) this.#cacheFile?.write({ snapshot, etag });
    this.#announce(change);
  }

  #announce(change: Change): void {
    this.#appliedAtMs = this.runtime.now();
    this.#measurements.keepRamps(this.#store.exposures.ramps);
    this.#parallelRuns.apply(this.#store.parallelRuns);
    this.#reporter.acknowledge();
    this.#events.emit('changed', change);
  }

  #hear(): void {
    this.#heardAtMs = this.runtime.elapsedMs();
    if (this.#store.snapshot) this.#problem = undefined;
    if (this.#state !== 'ready') this.#review();
  }

  #suffer(problem: Problem): void {
    if (this.#problem?.message !== problem.message) this.settings.logger.info(problem.message);
    this.#problem = problem;
    // A refusal comes fast: not before the disk copy, if there is one, is being served.
    if (problem.code === 'TOKEN_REFUSED') void this.#restoring.then(() => this.#endInitializing());
    this.#review();
  }

  /** Looks at where things stand, tells when that has changed, and looks again when silence would change it. */
  #review(): void {
    if (this.#closing) return;
    const { staleAfterMs, logger } = this.settings;
    const silentMs = this.#heardAtMs === undefined ? undefined : this.runtime.elapsedMs() - this.#heardAtMs;
    const before = this.#state;
    this.#state = stateOf({
      isInitializing: this.#isInitializing,
      hasSnapshot: this.#store.snapshot !== undefined,
      problem: this.#problem,
      silentMs,
      staleAfterMs,
    });
    this.#cancelStaleTimer?.();
    if (this.#state === 'ready' && silentMs !== undefined) {
      this.#cancelStaleTimer = this.runtime.schedule(staleAfterMs - silentMs, () => this.#review());
    }
    if (this.#state === before) return;
    if (this.#state === 'ready') this.#endInitializing();
    this.#tell(logger);
  }

  #tell(logger: Logger): void {
    const revision = this.#store.revision;
    const problem = this.#problem;
    if (this.#state === 'ready' && revision !== null) {
      logger.info(`ready at revision ${revision}`);
      this.#events.emit('ready', { revision });
    } else if (this.#state === 'stale' && revision !== null) {
      logger.warn(`stale, serving revision ${revision}: ${problem?.message ?? 'the control plane is silent'}`);
      this.#events.emit('stale', { revision, problem });
    } else if (this.#state === 'error' && problem) {
      logger.error(problem.message);
      this.#events.emit('error', { problem });
    }
  }

  #timeoutProblem(): Problem | undefined {
    if (this.#state === 'ready') return undefined;
    const ms = Math.round(this.runtime.elapsedMs() - this.#startedAtMs);
    const message = `${this.settings.url} sent no snapshot within ${ms} ms; the SDK goes on trying.`;
    return { code: 'UNREACHABLE', message };
  }

  #describeInstance(): InstanceReport {
    const { instanceName, service } = this.settings;
    return {
      id: this.#instanceId,
      name: instanceName,
      sdk: SDK_NAME,
      ...(service !== undefined && { service }),
      revision: this.#store.revision,
      revisionAppliedAt: this.#appliedAtMs === undefined ? null : new Date(this.#appliedAtMs).toISOString(),
    };
  }
}
