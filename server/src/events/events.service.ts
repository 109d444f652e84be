import { Injectable } from '@nestjs/common';
import { type Page, toPage } from '../kernel/page.js';
import { environmentsInScope, type RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { ProjectsReader } from '../projects/index.js';
import { type CloudEvent, toCloudEvent } from './cloud-event.js';
import type { EventFilter } from './event-query.js';
import type { EventRecord } from './event-record.js';
import { EventsRepository } from './events.repository.js';

/** Where a reader stands in a project's events, and what it wants of them. */
export interface Reading {
  readonly projectId: string;
  readonly project: string;
  readonly filter: EventFilter;
}

/** Which events are looked back at. `before` is the sequence of the last one seen. */
export interface NewestQuestion extends Omit<EventFilter, 'environmentIds'> {
  readonly before: number | undefined;
  readonly limit: number;
  /** Key of an environment. */
  readonly environment?: string | undefined;
}

@Injectable()
export class EventsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly events: EventsRepository,
  ) {}

  /**
   * A page of a project's events, oldest first. Callers bound to an environment see its events only. One who stands where the
   * store has yet to come to, because it was restored, is sent back to its end.
   */
  list(
    ctx: RequestContext,
    project: string,
    { after, limit, ...filter }: EventFilter & { readonly after: number; readonly limit: number },
  ): Promise<Page<CloudEvent>> {
    return this.transactions.read(async (tx) => {
      const reading = await this.begin(tx, ctx, project, filter);
      const newest = await this.events.newest(tx);
      if (after > newest) return { items: [], nextCursor: String(newest) };
      const found = await this.page(tx, reading, after, limit + 1);
      const items = found.slice(0, limit);
      return { items, nextCursor: found.length > limit ? (items.at(-1)?.sluicesequence ?? null) : null };
    });
  }

  /** A page of a project's events, the newest first; of one environment where that is named by its key. */
  listNewest(ctx: RequestContext, project: string, asked: NewestQuestion): Promise<Page<CloudEvent>> {
    const { before, limit, environment, type, subject } = asked;
    return this.transactions.read(async (tx) => {
      const named = environment && (await this.projects.environment(tx, ctx, project, environment)).id;
      const { projectId, filter } = await this.begin(tx, ctx, project, { type, subject });
      const narrowed = named === undefined ? filter : { ...filter, environmentIds: [named] };
      const found = await this.events.listBefore(tx, projectId, { ...narrowed, before, limit: limit + 1 });
      return toPage(await this.put(tx, projectId, project, found), limit, ({ sluicesequence }) => sluicesequence);
    });
  }

  /** What a stream begins with: what it reads, and the newest sequence for one that does not say where to start. */
  start(
    ctx: RequestContext,
    project: string,
    filter: EventFilter,
  ): Promise<{ readonly reading: Reading; readonly newest: number }> {
    return this.transactions.read(async (tx) => ({
      reading: await this.begin(tx, ctx, project, filter),
      newest: await this.events.newest(tx),
    }));
  }

  /** What comes behind a sequence of a reading, at most as many as asked. */
  listAfter(reading: Reading, after: number, limit: number): Promise<readonly CloudEvent[]> {
    return this.transactions.read((tx) => this.page(tx, reading, after, limit));
  }

  private async begin(tx: Transaction, ctx: RequestContext, key: string, filter: EventFilter): Promise<Reading> {
    const project = await this.projects.project(tx, ctx, key);
    return {
      projectId: project.id,
      project: key,
      filter: { ...filter, environmentIds: environmentsInScope(ctx, project.id) },
    };
  }

  private async page(
    tx: Transaction,
    { projectId, project, filter }: Reading,
    after: number,
    limit: number,
  ): Promise<readonly CloudEvent[]> {
    const found = await this.events.listAfter(tx, projectId, { ...filter, after, limit });
    return this.put(tx, projectId, project, found);
  }

  /** Puts events into the words of CloudEvents. */
  private async put(
    tx: Transaction,
    projectId: string,
    project: string,
    found: readonly EventRecord[],
  ): Promise<readonly CloudEvent[]> {
    if (found.length === 0) return [];
    const environments = await this.projects.environmentsOf(tx, projectId);
    const keys = new Map(environments.map(({ id, key }) => [id, key]));
    return found.map((event) => toCloudEvent(event, { project, environment: keys.get(event.environmentId ?? '') }));
  }
}
