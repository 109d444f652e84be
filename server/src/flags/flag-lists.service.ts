import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { type Page, type PageRequest, toPage } from '../kernel/page.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { type Environment, ProjectsReader } from '../projects/index.js';
import type { FlagWithSettings } from './flag.js';
import { FlagCatalog } from './flag-catalog.service.js';
import { FlagListsRepository, type FlagListing, type FlagSketch } from './flag-lists.repository.js';
import { FlagLives } from './flag-lives.service.js';
import {
  BY_KEY,
  type FlagPosition,
  isStored,
  parseSortKey,
  sortBehind,
  storedPosition,
  toSortKey,
} from './flag-order.js';
import { type AskedFlags, type FlagQuery, isAtStage, nameFilter, needsStages, parseFlagQuery } from './flag-query.js';
import { LIFE_STAGES, type LifeStage } from './life-stage.js';

/** A page of flags, and what a cursor behind one of them says. */
export type FlagPage = Page<FlagWithSettings> & { readonly sortKeyOf: (flag: { readonly key: string }) => string };

/** What a list is of, once its project is known. */
interface Listed {
  readonly query: FlagQuery;
  readonly projectId: string;
  readonly environment: Environment | undefined;
  readonly after: FlagPosition | undefined;
}

/** Some flags, and their stages where anything depends on them, by id. */
interface Staged {
  readonly flags: readonly FlagSketch[];
  readonly stages: ReadonlyMap<string, LifeStage>;
}

/** How many flags are first looked at for those of a stage: more than a page has, and a fraction of a large project. */
const FIRST_PART = 500;
/** How many times as many are looked at next: of a stage that is rare, most of the project will have to be. */
const GROWTH = 4;

/** Lists the flags of a project, narrowed and in order. */
@Injectable()
export class FlagLists {
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly lists: FlagListsRepository,
    private readonly catalog: FlagCatalog,
    private readonly lives: FlagLives,
    private readonly clock: Clock,
  ) {}

  /** Throws `invalid` for the cursor of another list, `notFound` for an environment that there is not. */
  list(ctx: RequestContext, projectKey: string, { limit, after }: PageRequest, asked: AskedFlags): Promise<FlagPage> {
    const query = parseFlagQuery(asked);
    const { order, environment: key } = query;
    const filter = nameFilter(query);
    const behind = after === undefined ? undefined : parseSortKey(after, order, filter);
    return this.transactions.read(async (tx) => {
      const { id: projectId } = await this.projects.project(tx, ctx, projectKey);
      const environment = key === undefined ? undefined : await this.projects.environment(tx, ctx, projectKey, key);
      const listed = { query, projectId, environment, after: behind };
      const found = await (isStored(order) ? this.stored(tx, ctx, listed, limit + 1) : this.derived(tx, ctx, listed));
      const { items, nextCursor } = toPage(found, limit, (position) => toSortKey(position, order, filter));
      const positions = new Map(items.map((position) => [position.key, position]));
      const flags = await this.catalog.listWithSettings(tx, projectId, [...positions.keys()]);
      const sortKeyOf: FlagPage['sortKeyOf'] = ({ key: of }) =>
        toSortKey(positions.get(of) ?? { value: null, key: of }, order, filter);
      return { items: flags, nextCursor, sortKeyOf };
    });
  }

  /** In an order that the store knows: it narrows, puts in order and cuts. Flags of other stages are left out here. */
  private async stored(
    tx: Transaction,
    ctx: RequestContext,
    listed: Listed,
    limit: number,
  ): Promise<readonly FlagPosition[]> {
    const { order } = listed.query;
    const found: FlagPosition[] = [];
    let { after } = listed;
    for (let size = needsStages(listed.query) ? FIRST_PART : limit; ; size *= GROWTH) {
      const part = await this.lists.list(tx, { ...this.listingOf(listed), after }, size);
      const { flags } = await this.atStage(tx, ctx, listed, part);
      found.push(...flags.map((flag) => storedPosition(flag, order)));
      const last = part.at(-1);
      if (last === undefined || part.length < size || found.length >= limit) return found;
      after = storedPosition(last, order);
    }
  }

  /**
   * In an order that follows of settings or reports, which are of other tables and modules: all flags that the store lets
   * through are read in short, and what is left of them is put in order here.
   */
  private async derived(tx: Transaction, ctx: RequestContext, listed: Listed): Promise<readonly FlagPosition[]> {
    const { query, after } = listed;
    const found = await this.lists.list(tx, { ...this.listingOf(listed), order: BY_KEY, after: undefined });
    const { flags, stages } = await this.atStage(tx, ctx, listed, found);
    const valueOf = await this.values(tx, ctx, listed, { flags, stages });
    const positions = flags.map((flag) => ({ value: valueOf(flag), key: flag.key }));
    return sortBehind(positions, query.order, after);
  }

  /** Those of some flags that are of the stages asked for, and the stages of all where anything depends on them. */
  private async atStage(
    tx: Transaction,
    ctx: RequestContext,
    { query, projectId }: Listed,
    flags: readonly FlagSketch[],
  ): Promise<Staged> {
    if (!needsStages(query)) return { flags, stages: new Map() };
    const stages = await this.lives.stages(tx, ctx, projectId, flags);
    return { flags: flags.filter(({ id }) => isAtStage(query, stages.get(id))), stages };
  }

  /** Answers what flags are put in order by. */
  private async values(
    tx: Transaction,
    ctx: RequestContext,
    { query, projectId, environment }: Listed,
    { flags, stages }: Staged,
  ): Promise<(flag: FlagSketch) => FlagPosition['value']> {
    const { sort } = query.order;
    if (sort === 'state') {
      const on = environment === undefined ? new Set<string>() : await this.lives.on(tx, environment.id);
      return ({ id }) => (on.has(id) ? 1 : 0);
    }
    if (sort === 'evaluated') {
      const places = environment === undefined ? await this.projects.environmentsOf(tx, projectId) : [environment];
      const last = await this.lives.lastEvaluations(tx, ctx, places, flags);
      return ({ key }) => last.get(key)?.getTime() ?? null;
    }
    return ({ id }) => LIFE_STAGES.findIndex((stage) => stage === stages.get(id));
  }

  private listingOf({ query, projectId, environment, after }: Listed): FlagListing {
    const { filter, order } = query;
    return { projectId, filter, environmentId: environment?.id, order, after, now: this.clock.now() };
  }
}
