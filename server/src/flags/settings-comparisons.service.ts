import { Injectable } from '@nestjs/common';
import { type Page, type PageRequest, toPage } from '../kernel/page.js';
import type { RequestContext } from '../kernel/request-context.js';
import { Transactions } from '../kernel/transactions.js';
import { ProjectsReader } from '../projects/index.js';
import { compareSettings, type Likeness, LIKENESSES, type SettingsComparison } from './compare-settings.js';
import { type FlagSettings, untouchedSettings } from './flag.js';
import { FlagSettingsRepository } from './flag-settings.repository.js';
import { FlagsRepository } from './flags.repository.js';

/** A flag's settings in two environments, side by side. */
export interface ComparedFlag extends SettingsComparison {
  readonly flag: string;
  readonly name: string;
  readonly left: FlagSettings;
  readonly right: FlagSettings;
}

export type ComparedFlags = Page<ComparedFlag> & {
  /** Of all flags of the project, whatever the page. */
  readonly counts: Readonly<Record<Likeness, number>>;
};

/** Two environments of a project, by keys. */
export interface Sides {
  readonly project: string;
  readonly left: string;
  readonly right: string;
}

/** Compares what flags decide in two environments. */
@Injectable()
export class SettingsComparisons {
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly flags: FlagsRepository,
    private readonly settings: FlagSettingsRepository,
  ) {}

  /** A page of a project's flags in order of key, of the likenesses asked for; none: of all. */
  list(
    ctx: RequestContext,
    at: Sides,
    { limit, after }: PageRequest,
    likenesses: readonly Likeness[],
  ): Promise<ComparedFlags> {
    return this.transactions.read(async (tx) => {
      const leftEnvironment = await this.projects.environment(tx, ctx, at.project, at.left);
      const rightEnvironment = await this.projects.environment(tx, ctx, at.project, at.right);
      const lefts = await this.settings.mapOfEnvironment(tx, leftEnvironment.id);
      const rights = await this.settings.mapOfEnvironment(tx, rightEnvironment.id);
      const compared = (await this.flags.listAll(tx, leftEnvironment.projectId)).map((flag): ComparedFlag => {
        const left = lefts.get(flag.id) ?? untouchedSettings(flag);
        const right = rights.get(flag.id) ?? untouchedSettings(flag);
        return { flag: flag.key, name: flag.name, left, right, ...compareSettings(left, right) };
      });
      const rest = compared.filter(
        ({ flag, likeness }) =>
          (likenesses.length === 0 || likenesses.includes(likeness)) && (after === undefined || flag > after),
      );
      return { ...toPage(rest, limit, ({ flag }) => flag), counts: countsOf(compared) };
    });
  }
}

function countsOf(compared: readonly ComparedFlag[]): Readonly<Record<Likeness, number>> {
  const counts = LIKENESSES.map((word) => [word, compared.filter(({ likeness }) => likeness === word).length]);
  // Every likeness is counted.
  return Object.fromEntries(counts) as Record<Likeness, number>;
}
