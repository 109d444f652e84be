export { TrafficModule } from './traffic.module.js';
export type { ShiftOptions, ShiftOutcome } from './traffic-router.js';
export type { TrafficTarget } from './traffic-routes.provider.js';
export { type Applied, type ShiftMark, TrafficShifts, type Verified } from './traffic-shifts.service.js';
