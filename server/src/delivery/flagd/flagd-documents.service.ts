import { Injectable } from '@nestjs/common';
import { compileSnapshot } from '@sluice/sdk/evaluation';
import type { RequestContext } from '../../kernel/request-context.js';
import { Transactions } from '../../kernel/transactions.js';
import { ProjectsReader } from '../../projects/index.js';
import { environmentGone } from '../snapshot-cache.service.js';
import { SnapshotSource } from '../snapshot-source.js';
import { exportEnvironment, type FlagdExport } from './export-environment.js';

/** Shows people what flagd's clients are handed, and what they are not. */
@Injectable()
export class FlagdDocuments {
  constructor(
    private readonly transactions: Transactions,
    private readonly projects: ProjectsReader,
    private readonly source: SnapshotSource,
  ) {}

  /** An environment as it is stored now. Throws as ProjectsReader.environment does. */
  async of(ctx: RequestContext, project: string, environment: string): Promise<FlagdExport> {
    const { id } = await this.transactions.read((tx) => this.projects.environment(tx, ctx, project, environment));
    const snapshot = await this.source.load(id);
    if (snapshot === undefined) throw environmentGone(); // since the line above
    return exportEnvironment(compileSnapshot(snapshot));
  }
}
