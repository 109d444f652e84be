import { Module } from '@nestjs/common';
import { TrafficConfig } from '../platform/config/traffic.js';
import { TrafficRoutes } from './traffic-routes.provider.js';
import { TrafficShifts } from './traffic-shifts.service.js';

/** Traffic that proxies split, for services that embed no SDK. */
@Module({
  providers: [
    {
      provide: TrafficRoutes,
      inject: [TrafficConfig],
      useFactory: (config: TrafficConfig) => TrafficRoutes.open(config),
    },
    TrafficShifts,
  ],
  exports: [TrafficShifts],
})
export class TrafficModule {}
