import { problemOfRule } from '@sluice/sdk/comparison';
import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { conflict, notFound } from '../kernel/errors.js';
import { type ExpectedVersion, refuseStale } from '../kernel/expected-version.js';
import { Ids } from '../kernel/ids.js';
import type { RequestContext } from '../kernel/request-context.js';
import { Transactions } from '../kernel/transactions.js';
import { ProjectsReader } from '../projects/index.js';
import { parseRuleDraft, parseRuleEffect } from './parse-parallel-run.js';
import { priceRule, type RulePrice } from './price-rule.js';
import { RunCatalog } from './run-catalog.service.js';
import { RunFaults } from './run-faults.service.js';
import { type PlacedRunKeys, type PlacedRunSettings, RunSettingsService } from './run-settings.service.js';

const MAX_RULES = 100;

/** What is not to count as a difference. Every change begins a new epoch: it was compared under other rules before. */
@Injectable()
export class RunRules {
  // Seven, because a rule is priced by what was found and stored with the settings.
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly catalog: RunCatalog,
    private readonly settings: RunSettingsService,
    private readonly faults: RunFaults,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  add(ctx: RequestContext, at: PlacedRunKeys, expected: ExpectedVersion, body: unknown): Promise<PlacedRunSettings> {
    const rule = parseRuleDraft(body, { id: this.ids.next(), now: this.clock.now() }, problemOfRule);
    return this.settings.changeBasis(ctx, at, (_tx, { run, environment }, before) => {
      refuseStale(expected, before.version);
      if (before.rules.length >= MAX_RULES) {
        const message = `"${run.key}" has ${MAX_RULES} rules in ${environment.key}; remove one that is not needed.`;
        throw conflict('RULES_FULL', message);
      }
      const reason = `Added: ${rule.kind} at ${rule.path}, of ${rule.owner}.`;
      const content = { ...before, rules: [...before.rules, rule] };
      return Promise.resolve({ content, action: 'parallelRun.rule.added', reason });
    });
  }

  remove(
    ctx: RequestContext,
    at: PlacedRunKeys & { readonly rule: string },
    expected: ExpectedVersion,
  ): Promise<PlacedRunSettings> {
    return this.settings.changeBasis(ctx, at, (_tx, { run, environment }, before) => {
      refuseStale(expected, before.version);
      const gone = before.rules.find(({ id }) => id === at.rule);
      if (gone === undefined) {
        throw notFound('RULE_NOT_FOUND', `"${run.key}" has no rule "${at.rule}" in ${environment.key}.`);
      }
      const reason = `Removed: ${gone.kind} at ${gone.path}, of ${gone.owner}.`;
      const content = { ...before, rules: before.rules.filter(({ id }) => id !== at.rule) };
      return Promise.resolve({ content, action: 'parallelRun.rule.removed', reason });
    });
  }

  /** What a rule would hide of the mismatches of the current epoch. Nothing is stored. */
  price(ctx: RequestContext, at: PlacedRunKeys, body: unknown): Promise<RulePrice> {
    const rule = parseRuleEffect(body, problemOfRule);
    return this.transactions.read(async (tx) => {
      const project = await this.projects.project(tx, ctx, at.project);
      const environment = await this.projects.environment(tx, ctx, at.project, at.environment);
      const place = { environment, run: await this.catalog.require(tx, project, at.run) };
      const { epoch } = await this.catalog.settingsOf(tx, place);
      const ranked = await this.faults.rankedOf(tx, place, epoch);
      return priceRule(rule, [...ranked.values()].flat());
    });
  }
}
