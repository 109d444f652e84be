export { AnalysisModule } from './analysis.module.js';
export { sampleText } from './providers/metric-answer.js';
export { bindQuery, type MetricSubject } from './providers/bind-query.js';
export {
  type MetricAnswer,
  type MetricErrorCode,
  type MetricFailure,
  type MetricPoint,
  MetricProvider,
  type MetricSeries,
  type MetricWindow,
  type NoMetric,
} from './providers/metric-provider.js';
export { type BoundQuery, type MetricQuery, metricQuerySchema } from './providers/metric-query.js';
export { type Attribution, checkAttribution } from './attribution.js';
export {
  addTick,
  type ArmCount,
  type CountEvidence,
  type CountTick,
  evidenceLimit,
  evidenceText,
  logEvidence,
  startHarmEvidence,
  startSafetyEvidence,
  tickOf,
} from './counts/count-evidence.js';
export {
  addMinute,
  type Dispersion,
  dispersionOf,
  dispersionOfSums,
  type MinuteSums,
  NO_MINUTES,
} from './counts/dispersion.js';
export { type CountDemand, type CountEvidencePair, judgeCounts } from './counts/judge-counts.js';
export { judgeShares } from './counts/judge-shares.js';
export {
  addPastTick,
  DRIFT,
  judgePast,
  logPastEvidence,
  NO_PAST_EVIDENCE,
  type PastEvidence,
  pastLimit,
} from './counts/past-evidence.js';
export { type PlannedStep, planStep, type StepPlan, type StepQuestion } from './counts/plan-step.js';
export { proportionInterval } from './counts/proportion-interval.js';
export { type RatioInterval, ratioInterval, startRatioEvidence } from './counts/ratio-interval.js';
export {
  addShareTick,
  NO_SHARE_EVIDENCE,
  SHARE_ALPHA,
  type ShareEvidence,
  shareP,
  type ShareTick,
} from './counts/share-evidence.js';
export { excessP, excessRate, type TwinCounts } from './equivalence/excess-test.js';
export { logEvidenceAbove, logEvidenceBelow, type Trials, trialsUntilBelow } from './equivalence/rate-evidence.js';
export { type PairedTimes, type TimeRatio, timeRatio } from './equivalence/time-ratio.js';
export { unseenMass } from './equivalence/unseen-mass.js';
export { judgeMeans, type MeanDemand } from './means/judge-means.js';
export { meanDifference, type MeanDifference } from './means/mean-difference.js';
export { addSums, type MeanSums, NO_SUMS } from './means/mean-sums.js';
export { type MetricState, type MetricVerdict, worstOf } from './metric-state.js';
export {
  assessMeasurements,
  assessRun,
  countMeasurement,
  type MeasurementCounters,
  type MeasurementLimits,
  NO_MEASUREMENTS,
} from './runs/measurement-counters.js';
export { type MeasurementProgress, type MeasurementSchedule, nextMeasurementAtMs } from './runs/next-measurement.js';
export { classifySeries, DEFAULT_SERIES_RULE, type SeriesFinding, type SeriesRule } from './series/classify-series.js';
export { judgeThreshold, type Threshold } from './series/judge-threshold.js';
export { hasPassed, type JudgementPlan, judgementCount, judgementWindow } from './series/judgement-window.js';
export { judgeScore, type LabelledMetric, scoreSeries, type SeriesScore } from './series/score-series.js';
