import { Alert, Tabs } from '@mantine/core';
import { useMemo } from 'react';
import { present, useLoaded } from '../../api/live-query.js';
import { projectQuery } from '../../api/project.js';
import { useFresh } from '../../api/use-fresh.js';
import { AppLink } from '../../components/AppLink.js';
import type { Loading, Place } from '../../components/screen.js';
import { useWords } from '../../components/use-words.js';
import { releases as text } from '../../text/releases.js';
import { pb } from '../../util/path-builder.js';
import { hasMetrics, policySteps } from '../../util/policy-steps.js';
import { oneOf, searchWords, textWord } from '../../util/search-words.js';
import { AboutPanel } from './AboutPanel.js';
import { ApprovalsPanel } from './ApprovalsPanel.js';
import { EvidenceCharts, evidenceQuery } from './EvidenceCharts.js';
import { MetricTiles } from './MetricTiles.js';
import { AttemptsPart } from './parts/AttemptsPart.js';
import { AuditPart, auditQuery } from './parts/AuditPart.js';
import { ChangesPart } from './parts/ChangesPart.js';
import { EventsPart, eventsQuery } from './parts/EventsPart.js';
import { ReachPanel } from './ReachPanel.js';
import { ReleaseHeader } from './ReleaseHeader.js';
import classes from './ReleasePage.module.css';
import { isUnderWay, type Release, releaseQuery } from './release-query.js';
import { StepTimeline } from './StepTimeline.js';

/** What is measured, and how long ago things were, no change tells of. */
const FRESH_MS = { underWay: 4_000, still: 30_000 };
const PARTS = ['changes', 'attempts', 'events', 'audit', 'policy'] as const;

const words = searchWords({ part: oneOf(PARTS, 'changes'), attempt: textWord() });

export const title = text.one;

export const load = ({ params, search, fetch }: Loading<'project' | 'release'>) => {
  const { part, attempt } = words.read(search);
  const { project, release: id } = params;
  const subject = `release/${id}`;
  return Promise.all([
    fetch(projectQuery, { project }),
    fetch(releaseQuery, { id, attempt: attemptOf(attempt) }),
    fetch(evidenceQuery, { id, attempt: attemptOf(attempt) }),
    part === 'events' && fetch(eventsQuery, { project, subject }),
    part === 'audit' && fetch(auditQuery, { project, subject }),
  ]);
};

export function Page({ params, search, at }: Place<'project' | 'release'>) {
  const { project, release: id } = params;
  const [{ part, attempt }, say] = useWords(words, search);
  const variables = { id, attempt: attemptOf(attempt) };
  const release = present(useLoaded(releaseQuery, variables).release);
  const moves = isUnderWay(release);
  useFresh(releaseQuery, variables, moves ? FRESH_MS.underWay : FRESH_MS.still);
  const place = useLoaded(projectQuery, { project }).project?.environments;
  const isProduction = place?.find(({ key }) => key === release.environment)?.production ?? false;
  const isNewest = variables.attempt === null || variables.attempt === release.attempt;
  return (
    <>
      <ReleaseHeader release={release} isProduction={isProduction} />
      <div className={classes['grid']}>
        <div className={classes['asked']}>
          <ApprovalsPanel release={release} />
        </div>
        <div className={classes['main']}>
          {!isNewest && (
            <Alert color="yellow" py="xs">
              {text.attempts.earlier(attempt)}{' '}
              <AppLink to={pb.release(at, id)} className={classes['inText']}>
                {text.attempts.newest}
              </AppLink>
            </Alert>
          )}
          <Steps release={release} isUnderWay={moves && isNewest} />
          {release.attempt > 0 && (
            <>
              {isNewest && <MetricTiles metrics={release.metrics ?? []} asks={hasMetrics(release.policy)} />}
              <EvidenceCharts id={id} attempt={variables.attempt} isUnderWay={moves && isNewest} />
            </>
          )}
        </div>
        <div className={classes['side']}>
          <ReachPanel release={release} />
          <AboutPanel release={release} at={at} />
        </div>
      </div>
      <Tabs
        className={classes['parts'] ?? ''}
        value={part}
        onChange={(next) => say({ part: PARTS.find((each) => each === next) ?? 'changes' })}
        keepMounted={false}
      >
        <Tabs.List aria-label={text.parts.label}>
          {PARTS.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {text.parts[each]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={part} pt="sm">
          {part === 'changes' && <ChangesPart diff={release.diff} at={at} />}
          {part === 'attempts' && <AttemptsPart release={release} at={at} />}
          {part === 'events' && <EventsPart project={project} id={id} />}
          {part === 'audit' && <AuditPart project={project} id={id} />}
          {part === 'policy' && (
            <pre className={classes['document']} tabIndex={0} aria-label={text.parts.policy}>
              {JSON.stringify(release.policy, null, 2)}
            </pre>
          )}
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function Steps({ release, isUnderWay: moves }: { readonly release: Release; readonly isUnderWay: boolean }) {
  const { timeline, policy, scheduledAt, createdAt } = release;
  const steps = useMemo(
    () =>
      timeline !== null && timeline.length > 0
        ? timeline
        : policySteps(policy, new Date(scheduledAt ?? createdAt), text.gates),
    [timeline, policy, scheduledAt, createdAt],
  );
  return <StepTimeline steps={steps} isUnderWay={moves} />;
}

function attemptOf(word: string): number | null {
  return /^[1-9]\d{0,5}$/u.test(word) ? Number(word) : null;
}
