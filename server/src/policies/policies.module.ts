import { Module } from '@nestjs/common';
import { ProjectsModule } from '../projects/index.js';
import { PoliciesController } from './policies.controller.js';
import { PoliciesReader } from './policies-reader.service.js';
import { PoliciesRepository } from './policies.repository.js';
import { PoliciesService } from './policies.service.js';

@Module({
  imports: [ProjectsModule],
  controllers: [PoliciesController],
  providers: [PoliciesService, PoliciesReader, PoliciesRepository],
  exports: [PoliciesReader],
})
export class PoliciesModule {}
