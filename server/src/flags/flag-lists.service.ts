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
import { BY_KEY, type FlagPosition, isStored, parseSortKey, sortBehind, storedValue, toSortKey } from './flag-order.js';
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
      const isSimple = isStored(order) && !needsStages(query);
      const found = isSimple ? await this.stored(tx, listed, limit + 1) : await this.derived(tx, ctx, listed);
      const { items, nextCursor } = toPage(found, limit, (position) => toSortKey(position, order, filter));
      const positions = new Map(items.map((position) => [position.key, position]));
      const flags = await this.catalog.listWithSettings(tx, projectId, [...positions.keys()]);
      const sortKeyOf: FlagPage['sortKeyOf'] = ({ key: of }) =>
        toSortKey(positions.get(of) ?? { value: null, key: of }, order, filter);
      return { items: flags, nextCursor, sortKeyOf };
    });
  }

  /** What follows of flags themselves: the store narrows, puts in order and cuts. */
  private async stored(tx: Transaction, listed: Listed, limit: number): Promise<readonly FlagPosition[]> {
    const flags = await this.lists.list(tx, this.listingOf(listed), limit);
    return flags.map((flag) => ({ value: storedValue(flag, listed.query.order.sort), key: flag.key }));
  }

  /**
   * What follows of settings and of reports too, which are of other tables and modules: all flags that the store lets
   * through are read in short, and what is left of them is put in order here.
   */
  private async derived(tx: Transaction, ctx: RequestContext, listed: Listed): Promise<readonly FlagPosition[]> {
    const { projectId, query, after } = listed;
    const { order } = query;
    const listing = this.listingOf(listed);
    const fromStart = { ...listing, order: BY_KEY, after: undefined };
    const found = await this.lists.list(tx, isStored(order) ? listing : fromStart);
    const stages = needsStages(query)
      ? await this.lives.stages(tx, ctx, projectId, found)
      : new Map<string, LifeStage>();
    const kept = found.filter(({ id }) => isAtStage(query, stages.get(id)));
    const valueOf = await this.values(tx, ctx, listed, { flags: kept, stages });
    const positions = kept.map((flag) => ({ value: valueOf(flag), key: flag.key }));
    return isStored(order) ? positions : sortBehind(positions, order, after);
  }

  /** Answers what flags are put in order by. */
  private async values(
    tx: Transaction,
    ctx: RequestContext,
    { query, projectId, environment }: Listed,
    { flags, stages }: { readonly flags: readonly FlagSketch[]; readonly stages: ReadonlyMap<string, LifeStage> },
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
    if (sort === 'stage') return ({ id }) => LIFE_STAGES.findIndex((stage) => stage === stages.get(id));
    return (flag) => storedValue(flag, sort);
  }

  private listingOf({ query, projectId, environment, after }: Listed): FlagListing {
    const { filter, order } = query;
    return { projectId, filter, environmentId: environment?.id, order, after, now: this.clock.now() };
  }
}
