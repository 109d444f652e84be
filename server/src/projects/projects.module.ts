import { Module } from '@nestjs/common';
import { EnvironmentRevisions } from './environment-revisions.service.js';
import { EnvironmentsController } from './environments.controller.js';
import { EnvironmentsResolver } from './environments.resolver.js';
import { EnvironmentsRepository } from './environments.repository.js';
import { EnvironmentsService } from './environments.service.js';
import { ProjectAuditResolver } from './project-audit.resolver.js';
import { ProjectTransactions } from './project-transactions.service.js';
import { ProjectsReader } from './projects-reader.service.js';
import { ProjectsController } from './projects.controller.js';
import { ProjectsRepository } from './projects.repository.js';
import { ProjectsResolver } from './projects.resolver.js';
import { ProjectsService } from './projects.service.js';
import { VisibleEnvironments } from './visible-environments.service.js';

@Module({
  controllers: [ProjectsController, EnvironmentsController],
  providers: [
    ProjectsService,
    ProjectsResolver,
    EnvironmentsResolver,
    ProjectAuditResolver,
    EnvironmentsService,
    ProjectsReader,
    VisibleEnvironments,
    EnvironmentRevisions,
    ProjectTransactions,
    ProjectsRepository,
    EnvironmentsRepository,
  ],
  exports: [ProjectsReader, ProjectTransactions, EnvironmentRevisions, VisibleEnvironments],
})
export class ProjectsModule {}
