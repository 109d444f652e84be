import { Global, Module } from '@nestjs/common';
import { Drain } from './drain.service.js';

@Global()
@Module({ providers: [Drain], exports: [Drain] })
export class ShutdownModule {}
