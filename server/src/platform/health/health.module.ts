import { Module } from '@nestjs/common';
import { EventLoopDelay } from './event-loop-delay.provider.js';
import { HealthController } from './health.controller.js';
import { SystemHealth } from './system-health.service.js';
import { SystemMetrics } from './system-metrics.provider.js';
import { SystemResolver } from './system.resolver.js';

@Module({ controllers: [HealthController], providers: [SystemHealth, EventLoopDelay, SystemMetrics, SystemResolver] })
export class HealthModule {}
