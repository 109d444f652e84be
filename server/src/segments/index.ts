export { clauseSchema, parseClauses, segmentsNamed } from './clause.js';
export { SegmentReferrers } from './segment-referrers.service.js';
export { SegmentsModule } from './segments.module.js';
export { SegmentsReader } from './segments-reader.service.js';
