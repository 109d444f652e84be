import { Injectable } from '@nestjs/common';
import { compileSnapshot, explain } from '@sluice/sdk/evaluation';
import { type Problem, refuseWith } from '../kernel/errors.js';
import { Ids } from '../kernel/ids.js';
import { addProblems } from '../kernel/parse.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { ProjectsReader } from '../projects/index.js';
import { PatternVetting, SegmentsReader } from '../segments/index.js';
import { parseExplanationQuestion } from './explanation-question.js';
import { toSnapshotFlag } from './flag.js';
import { FlagCatalog } from './flag-catalog.service.js';
import { type FlagExplanation, toFlagExplanation } from './flag-explanation.js';
import type { SettingsKeys } from './flag-settings.service.js';
import { contentOf, parseSettings } from './parse-settings.js';
import { type FlagPlace, SettingsWriter } from './settings-writer.service.js';

/** Tells who gets what of a flag, and why: by the evaluator that services have. */
@Injectable()
export class FlagExplanations {
  // Seven, because a draft is judged as an edit is.
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly catalog: FlagCatalog,
    private readonly segments: SegmentsReader,
    private readonly writer: SettingsWriter,
    private readonly patterns: PatternVetting,
    private readonly ids: Ids,
  ) {}

  /** Answers `{ context, draft? }`; throws `invalid` for a context that is no object, or a draft that cannot be stored. */
  async explain(ctx: RequestContext, at: SettingsKeys, body: unknown): Promise<FlagExplanation> {
    const { context, draft } = parseExplanationQuestion(body);
    if (draft !== undefined) await this.patterns.vet(draft);
    return this.transactions.read(async (tx) => {
      const project = await this.projects.project(tx, ctx, at.project);
      const environment = await this.projects.environment(tx, ctx, at.project, at.environment);
      const flag = await this.catalog.require(tx, project, at.flag);
      const stored = await this.catalog.snapshotFlags(tx, project.id, environment.id);
      const drafted = draft === undefined ? undefined : await this.drafted(tx, { flag, environment }, draft);
      const flags = drafted === undefined ? stored : stored.map((each) => (each.key === flag.key ? drafted : each));
      const segments = await this.segments.snapshotSegments(tx, project.id);
      const { revision, key } = environment;
      const snapshot = { schemaVersion: 1, project: project.key, environment: key, revision, flags, segments } as const;
      return toFlagExplanation(explain(compileSnapshot(snapshot), flag.key, context));
    });
  }

  /** The flag as evaluators would see it if the draft were stored. */
  private async drafted(tx: Transaction, place: FlagPlace, draft: unknown) {
    const before = await this.catalog.settingsOf(tx, place.flag, place.environment.id);
    const problems: Problem[] = [];
    const content = parseSettings(draft, () => this.ids.next(), problems, contentOf(before));
    addProblems(problems, await this.writer.problemsWith(tx, place, content));
    refuseWith(
      problems.map((problem) => ({ ...problem, pointer: `/draft${problem.pointer}` })),
      'draft',
    );
    return toSnapshotFlag(place.flag, { ...before, ...content });
  }
}
