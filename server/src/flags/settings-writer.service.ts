import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/index.js';
import { Clock } from '../kernel/clock.js';
import type { Problem } from '../kernel/errors.js';
import type { RequestContext } from '../kernel/request-context.js';
import type { Transaction } from '../kernel/transactions.js';
import type { Environment } from '../projects/index.js';
import { referenceProblems } from './check-references.js';
import type { Flag, FlagSettings } from './flag.js';
import { FlagCatalog } from './flag-catalog.service.js';
import { FlagSettingsRepository } from './flag-settings.repository.js';
import { type SettingsContent, settingsProblems } from './parse-settings.js';

/** A flag and the environment it is set in. */
export interface FlagPlace {
  readonly flag: Flag;
  readonly environment: Pick<Environment, 'id' | 'key'>;
}

/** What is stored over what was there. */
interface Written {
  readonly before: FlagSettings;
  readonly content: SettingsContent;
  /** The audit log's word for it. */
  readonly action: string;
  /** Why, where somebody said so: kept on record beside the settings. */
  readonly reason?: string | undefined;
}

/** How settings are judged and stored, whoever wrote them. */
@Injectable()
export class SettingsWriter {
  constructor(
    private readonly settings: FlagSettingsRepository,
    private readonly catalog: FlagCatalog,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** What is wrong with settings beyond their shape: what they name must be there and lead nowhere back. */
  async problemsWith(
    tx: Transaction,
    { flag, environment }: FlagPlace,
    content: SettingsContent,
  ): Promise<readonly Problem[]> {
    const place = { projectId: flag.projectId, environmentId: environment.id };
    const around = await this.catalog.surroundings(tx, place, [content]);
    return [
      ...settingsProblems(content, new Set(flag.variations.map(({ key }) => key))),
      ...referenceProblems(flag.key, content, around),
    ];
  }

  /** Stores settings over the version they were made from, on record. The environment's revision is the caller's. */
  async save(
    tx: Transaction,
    ctx: RequestContext,
    { flag, environment }: FlagPlace,
    { before, content, action, reason }: Written,
  ): Promise<FlagSettings> {
    const edited = { ...content, version: before.version, updatedAt: this.clock.now() };
    const after = await this.settings.save(tx, { flagId: flag.id, environmentId: environment.id }, edited);
    const subject = `flag/${flag.key}/${environment.key}`;
    const told = reason === undefined ? after : { ...after, reason };
    await this.audit.record(tx, ctx, action, { projectId: flag.projectId, subject, before, after: told });
    return after;
  }
}
