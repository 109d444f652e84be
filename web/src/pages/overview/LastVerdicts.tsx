import { Text } from '@mantine/core';
import { AppLink } from '../../components/AppLink.js';
import { VerdictBadge } from '../../components/ReleaseBadges.js';
import { overview } from '../../text/overview.js';
import { Moment } from '../../ui/Moment.js';
import { Panel } from '../../ui/Panel.js';
import { type InProject, pb } from '../../util/path-builder.js';
import { formatShare } from '../../util/share.js';
import classes from './OverviewPage.module.css';
import type { Overview } from './overview-query.js';

const text = overview.verdicts;

interface Props {
  readonly verdicts: Overview['lastVerdicts'];
  readonly at: InProject;
}

/** What was judged last of each release that runs, or ended within a week. */
export function LastVerdicts({ verdicts, at }: Props) {
  return (
    <Panel title={text.title}>
      {verdicts.length === 0 ? (
        <Text c="dimmed">{text.none}</Text>
      ) : (
        <ul className={classes['list']} aria-label={text.list}>
          {verdicts.map(({ release, state, stepIndex, share, at: judgedAt }) => (
            <li key={release.id}>
              <VerdictBadge verdict={state} />
              <div>
                <AppLink to={pb.release({ project: at.project, environment: release.environment }, release.id)}>
                  {release.name}
                </AppLink>
                <Text component="div" c="dimmed" size="xs">
                  {release.environment}, {text.at(stepIndex + 1, formatShare(share))}, <Moment at={judgedAt} />
                </Text>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
