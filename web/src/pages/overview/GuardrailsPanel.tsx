import { Text } from '@mantine/core';
import { AppLink } from '../../components/AppLink.js';
import { overview } from '../../text/overview.js';
import { Panel } from '../../ui/Panel.js';
import { StatusBadge, type Tone } from '../../ui/StatusBadge.js';
import { type InProject, pb } from '../../util/path-builder.js';
import { formatCount } from '../../util/share.js';
import classes from './OverviewPage.module.css';
import type { Overview } from './overview-query.js';

const text = overview.guardrails;

/** The worst first. */
const STATES: readonly (readonly [keyof Overview['guardrails'], Tone])[] = [
  ['broken', 'bad'],
  ['acknowledged', 'warning'],
  ['unknown', 'waiting'],
  ['recovered', 'active'],
  ['holding', 'good'],
];

interface Props {
  readonly counts: Overview['guardrails'];
  readonly at: InProject;
}

/** How many statements about the environments stand in each way. */
export function GuardrailsPanel({ counts, at }: Props) {
  const present = STATES.filter(([state]) => counts[state] > 0);
  return (
    <Panel title={text.title} aside={<AppLink to={pb.guardrails(at)}>{text.all}</AppLink>}>
      {present.length === 0 ? (
        <Text c="dimmed">{text.none}</Text>
      ) : (
        <div className={classes['badges']}>
          {present.map(([state, tone]) => (
            <StatusBadge key={state} tone={tone}>{`${formatCount(counts[state])} ${text.states[state]}`}</StatusBadge>
          ))}
        </div>
      )}
    </Panel>
  );
}
