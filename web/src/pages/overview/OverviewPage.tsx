import { Title } from '@mantine/core';
import { useLoaded } from '../../api/live-query.js';
import { useFresh } from '../../api/use-fresh.js';
import type { Loading, Place } from '../../components/screen.js';
import { overview as text } from '../../text/overview.js';
import { AttentionQueue } from './AttentionQueue.js';
import { GuardrailsPanel } from './GuardrailsPanel.js';
import { InFlightStrip } from './InFlightStrip.js';
import { LastVerdicts } from './LastVerdicts.js';
import classes from './OverviewPage.module.css';
import { overviewQuery } from './overview-query.js';
import { SystemPanel } from './SystemPanel.js';

/** Sentences say how long ago things were, and of SDKs and laggards no change tells. */
const FRESH_MS = 10_000;

export const title = text.title;

export const load = ({ params, fetch }: Loading<'project'>) => fetch(overviewQuery, { project: params.project });

/** What needs somebody, what moves, what was found, whether all is well: in this order. */
export function Page({ params, at }: Place<'project'>) {
  const variables = { project: params.project };
  const { overview, project } = useLoaded(overviewQuery, variables);
  useFresh(overviewQuery, variables, FRESH_MS);
  return (
    <>
      <Title order={1} mb="sm">
        {text.title}
      </Title>
      <div className={classes['page']}>
        <div className={classes['main']}>
          <AttentionQueue items={overview.attention} at={at} />
          <InFlightStrip releases={overview.inFlight} at={at} />
        </div>
        <div className={classes['side']}>
          <LastVerdicts verdicts={overview.lastVerdicts} at={at} />
          <GuardrailsPanel counts={overview.guardrails} at={at} />
          <SystemPanel reach={project?.sdkReach ?? []} />
        </div>
      </div>
    </>
  );
}
