import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { AUDIT_RECORDED } from '../audit/index.js';
import { Clock } from '../kernel/clock.js';
import { isInScope, isPartlyInScope, type RequestContext } from '../kernel/request-context.js';
import { Transactions } from '../kernel/transactions.js';
import { Bus } from '../platform/bus/bus.js';
import { ENVIRONMENT_CHANGED, ProjectsReader } from '../projects/index.js';
import { type Change, changeOfEvent, changeOfRecord, changeOfRevision, type ChangeTopic } from './change.js';
import { ChangePlaces } from './change-places.service.js';
import { ChangeQueue } from './change-queue.js';
import { EVENT_APPENDED } from './event-appended.js';

/** How often subscribers are sent to look while this server is cut off from the others. */
const CUT_OFF_LOOK_MS = 5_000;

/** Where somebody may hear of a topic; undefined: nowhere. */
export type HearingOf = (topic: ChangeTopic) => RequestContext | undefined;

/** What a subscriber wants to hear of, by keys. */
export interface ChangesAsked {
  readonly project: string;
  /** Its changes, and those of no one environment; undefined: all. */
  readonly environment: string | undefined;
}

/** Lets go of a subscriber, who comes back and looks anew: it took changes too slowly, or some may have been missed. */
export type GiveUp = (why: 'tooSlow' | 'missed') => void;

interface Listener {
  readonly projectId: string;
  readonly environmentId: string | undefined;
  readonly hearingOf: HearingOf;
  readonly queue: ChangeQueue<Change>;
  readonly giveUp: GiveUp;
}

/**
 * Tells subscribers of each change what they may hear of it, within a second of its commit. While the bus is away nobody
 * tells of changes, so they are sent to look for themselves, every few seconds.
 */
@Injectable()
export class Changes implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Changes.name);
  private readonly listeners = new Set<Listener>();
  private readonly unsubscribe: (() => void)[] = [];
  private cutOffTimer: NodeJS.Timeout | undefined;
  /** One at a time: changes are told in the order in which they came. */
  private telling = Promise.resolve();

  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly places: ChangePlaces,
    private readonly bus: Bus,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.cutOffTimer = setInterval(() => {
      if (!this.bus.isConnected) this.giveAllUp();
    }, CUT_OFF_LOOK_MS).unref();
    this.unsubscribe.push(
      this.bus.onGap(() => this.giveAllUp()),
      this.bus.subscribe(AUDIT_RECORDED, (record) => this.tell(() => changeOfRecord(record))),
      this.bus.subscribe(EVENT_APPENDED, (event) => this.tell(() => changeOfEvent(event))),
      this.bus.subscribe(ENVIRONMENT_CHANGED, ({ environmentId, revision }) => {
        const at = this.clock.now();
        this.tell(async () => {
          const environment = await this.places.find(environmentId);
          return environment && changeOfRevision(environment, revision, at);
        });
      }),
    );
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.cutOffTimer);
    for (const unsubscribe of this.unsubscribe) unsubscribe();
    for (const { queue } of this.listeners) void queue.return();
  }

  /** Begins to listen. Throws `notFound` for what the caller may not see. */
  async open(
    ctx: RequestContext,
    { project: projectKey, environment: key }: ChangesAsked,
    { hearingOf, giveUp }: { readonly hearingOf: HearingOf; readonly giveUp: GiveUp },
  ): Promise<ChangeQueue<Change>> {
    const at = await this.transactions.read(async (tx) => {
      const { id: projectId } = await this.projects.project(tx, ctx, projectKey);
      if (key === undefined) return { projectId, environmentId: undefined };
      return { projectId, environmentId: (await this.projects.environment(tx, ctx, projectKey, key)).id };
    });
    const queue = new ChangeQueue<Change>(
      () => giveUp('tooSlow'),
      () => this.listeners.delete(listener),
    );
    const listener: Listener = { ...at, hearingOf, queue, giveUp };
    this.listeners.add(listener);
    return queue;
  }

  /** Nobody knows what was missed in a gap: who listens comes back, and looks anew. */
  private giveAllUp(): void {
    for (const { giveUp, queue } of this.listeners) {
      giveUp('missed');
      void queue.return();
    }
  }

  private tell(make: () => Change | Promise<Change | undefined>): void {
    if (this.listeners.size === 0) return;
    this.telling = this.telling
      .then(make)
      .then((change) => change && this.places.place(change))
      .then((change) => {
        if (change === undefined) return;
        for (const listener of this.listeners) if (concerns(change, listener)) listener.queue.push(change);
      })
      .catch((error: unknown) => this.logger.warn(error, 'Telling of a change failed; subscribers look anew later.'));
  }
}

/** Whether a subscriber asked for a change, and may hear of it. */
function concerns(change: Change, { projectId, environmentId, hearingOf }: Listener): boolean {
  const ctx = hearingOf(change.topic);
  if (ctx === undefined) return false;
  if (change.projectId === null) return ctx.scope === 'instance';
  if (change.projectId !== projectId) return false;
  if (change.environmentId === null) return isPartlyInScope(ctx, projectId);
  if (environmentId !== undefined && change.environmentId !== environmentId) return false;
  return isInScope(ctx, projectId, change.environmentId);
}
