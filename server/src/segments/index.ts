export {
  clauseSchema,
  fullAllowance,
  isAttributeName,
  parseClauses,
  POINTER_MALFORMED,
  segmentsNamed,
} from './clause.js';
export { leadingTo, type ReferenceGraph } from './reference-graph.js';
export { complaintAbout as complaintAboutPattern } from './safe-pattern.js';
export { PatternVetting } from './pattern-vetting.service.js';
export { SegmentReferrers } from './segment-referrers.service.js';
export { SegmentsModule } from './segments.module.js';
export { SegmentsReader } from './segments-reader.service.js';
