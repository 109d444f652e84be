import { Text } from '@mantine/core';
import { AppLink } from '../../components/AppLink.js';
import { ReleaseStatusBadge, VerdictBadge } from '../../components/ReleaseBadges.js';
import { overview } from '../../text/overview.js';
import { Command } from '../../ui/Command.js';
import { Elapsed } from '../../ui/Elapsed.js';
import { Panel } from '../../ui/Panel.js';
import { Sentence } from '../../ui/Sentence.js';
import { type InProject, pb } from '../../util/path-builder.js';
import { realShare } from '../../util/real-share.js';
import { Exposure } from './Exposure.js';
import classes from './InFlightStrip.module.css';
import type { InFlight } from './overview-query.js';

const text = overview.flight;

/** Releases that move: what is true of each, how much it is exposed, and how far it has come. */
export function InFlightStrip({ releases, at }: { readonly releases: readonly InFlight[]; readonly at: InProject }) {
  return (
    <Panel title={text.title} aside={<AppLink to={pb.releases(at)}>{text.all}</AppLink>}>
      {releases.length === 0 ? (
        <Text component="div">
          {text.none} <Command>{text.cli}</Command>
        </Text>
      ) : (
        <ul className={classes['strip']} aria-label={text.list}>
          {releases.map((release) => (
            <li key={release.id}>
              <Card release={release} at={at} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Card({ release, at }: { readonly release: InFlight; readonly at: InProject }) {
  const { id, name, environment, status, sentence, stepSince, rollout } = release;
  return (
    <article className={classes['card']} data-status={status}>
      <div className={classes['head']}>
        <AppLink to={pb.release({ project: at.project, environment }, id)}>{name}</AppLink>
        <Text span c="dimmed" size="xs">
          {environment}
        </Text>
        <ReleaseStatusBadge status={status} />
      </div>
      <Text>
        <Sentence>{sentence}</Sentence>
      </Text>
      {rollout !== null && (
        <>
          <Exposure share={rollout.share} real={realShare(rollout.share, rollout.traffic)} />
          <div className={classes['facts']}>
            <span>{text.step(rollout.stepIndex + 1, rollout.steps)}</span>
            {stepSince !== null && (
              <span>
                {text.inStep} <Elapsed since={stepSince} />
              </span>
            )}
            <VerdictBadge verdict={rollout.verdict} />
          </div>
        </>
      )}
    </article>
  );
}
