import { Module } from '@nestjs/common';
import { MetricProvider } from './providers/metric-provider.js';
import { MetricProviders } from './providers/metric-providers.service.js';

/** Statistics are pure functions and need no module; this is for what asks others for measurements. */
@Module({
  providers: [MetricProviders, { provide: MetricProvider, useExisting: MetricProviders }],
  exports: [MetricProvider],
})
export class AnalysisModule {}
