/**
 * All that Sluice tells others has happened. Where CDEvents has a word it is used, in its version of CDEvents 0.4.1
 * (https://github.com/cdevents/spec/blob/v0.4.1/continuous-deployment.md): services are deployed, upgraded, rolled
 * back, removed and published there, each type at version 0.2.0, as the specification's own examples say
 * (https://github.com/cdevents/spec/tree/v0.4.1/conformance, service_*.json). It has none for ramps, verdicts,
 * guardrails, routers and parallel runs; those are ours.
 */
export const EVENT_TYPES = [
  'dev.sluice.release.created',
  'dev.sluice.release.scheduled',
  'dev.sluice.release.queued',
  'dev.sluice.release.started',
  'dev.sluice.release.holding',
  'dev.sluice.release.resumed',
  'dev.sluice.release.paused',
  'dev.sluice.release.advanced',
  'dev.sluice.release.promoted',
  'dev.sluice.release.released',
  'dev.sluice.release.rolledback',
  'dev.sluice.release.aborted',
  'dev.sluice.release.superseded',
  'dev.sluice.release.approved',
  'dev.sluice.rollout.verdict',
  'dev.sluice.guardrail.broken',
  'dev.sluice.guardrail.recovered',
  'dev.sluice.guardrail.acknowledged',
  'dev.sluice.flag.killed',
  'dev.sluice.traffic.refused',
  'dev.sluice.parallelRun.shared',
  'dev.sluice.parallelRun.renewed',
  'dev.sluice.parallelRun.certified',
  'dev.sluice.parallelRun.refuted',
  'dev.sluice.parallelRun.voided',
  'dev.cdevents.service.deployed.0.2.0',
  'dev.cdevents.service.upgraded.0.2.0',
  'dev.cdevents.service.rolledback.0.2.0',
  'dev.cdevents.service.removed.0.2.0',
  'dev.cdevents.service.published.0.2.0',
] as const;

export type EventType = (typeof EVENT_TYPES)[number];
