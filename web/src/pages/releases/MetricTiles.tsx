import { Text, Tooltip } from '@mantine/core';
import { VerdictBadge } from '../../components/ReleaseBadges.js';
import { releases as text } from '../../text/releases.js';
import { Panel } from '../../ui/Panel.js';
import { Sentence } from '../../ui/Sentence.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { formatDifference, formatEvidence, formatFigure, formatMs, formatRelative100 } from '../../util/figures.js';
import { forestOf } from '../../util/forest.js';
import { formatCount, formatRate } from '../../util/share.js';
import classes from './MetricTiles.module.css';
import type { Metric } from './release-query.js';

const words = text.metrics;

/** Every metric as it stood at the last look: both arms, how they differ, and how much evidence there is. */
export function MetricTiles({ metrics, asks }: { readonly metrics: readonly Metric[]; readonly asks: boolean }) {
  return (
    <Panel title={words.title}>
      {metrics.length === 0 ? (
        <Text c="dimmed">{asks ? words.none : words.noneAsked}</Text>
      ) : (
        <ul className={classes['tiles']}>
          {metrics.map((metric) => (
            <li key={`${metric.metric} ${metric.subject}`}>
              <Tile metric={metric} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Tile({ metric }: { readonly metric: Metric }) {
  const { state, dryRun, sentence, subject, difference, evidence, limit } = metric;
  return (
    <article
      className={classes['tile']}
      data-state={dryRun ? 'none' : state}
      aria-label={`${metric.metric}, ${subject}`}
    >
      <div className={classes['head']}>
        <strong>{metric.metric}</strong>
        <Text span c="dimmed" size="xs">
          {subject}
        </Text>
        <span className={classes['verdict']}>
          {dryRun && (
            <Tooltip label={words.dryRunHint} events={{ hover: true, focus: true, touch: true }}>
              <span>
                <StatusBadge tone="neutral">{words.dryRun}</StatusBadge>
              </span>
            </Tooltip>
          )}
          <VerdictBadge verdict={state} />
        </span>
      </div>
      <dl className={classes['arms']}>
        <Arm name={words.stable} figures={metric.stable} />
        <Arm name={words.candidate} figures={metric.candidate} />
      </dl>
      {difference === null ? (
        <Text c="dimmed" size="xs">
          {words.noDifference}
        </Text>
      ) : (
        <Difference {...difference} />
      )}
      {evidence !== null && <Evidence evidence={evidence} limit={limit} />}
      <Text size="xs" c="dimmed">
        <Sentence>{sentence}</Sentence>
      </Text>
    </article>
  );
}

function Arm({ name, figures }: { readonly name: string; readonly figures: Metric['stable'] }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{figures === null ? '–' : armWords(figures)}</dd>
    </div>
  );
}

function armWords({ units, bad, mean, p50, p99 }: NonNullable<Metric['stable']>): string {
  const said = [
    bad === null ? undefined : `${formatRate(units === 0 ? 0 : bad / units)}`,
    bad === null ? words.units(formatCount(units)) : words.bad(formatCount(bad), formatCount(units)),
    mean === null ? undefined : `${words.mean} ${formatFigure(mean)}`,
    p50 === null ? undefined : `${words.p50} ${formatMs(p50)}`,
    p99 === null ? undefined : `${words.p99} ${formatMs(p99)}`,
  ];
  return said.filter((each) => each !== undefined).join(' · ');
}

function Difference({ kind, absolute, relative, interval }: NonNullable<Metric['difference']>) {
  const told = formatDifference(kind, absolute);
  const more = relative === null ? '' : `, ${words.relative(formatRelative100(relative))}`;
  const around =
    interval === null
      ? ''
      : words.interval(formatDifference(kind, interval.low), formatDifference(kind, interval.high));
  return (
    <div>
      <div className={classes['difference']}>
        <span>{words.difference}</span>
        <strong>{told}</strong>
        <span>{more.slice(2)}</span>
      </div>
      <Forest absolute={absolute} interval={interval} />
      <Text size="xs" c="dimmed">
        {around}
      </Text>
    </div>
  );
}

/** No difference in the middle, more of the candidate to the right of it: the numbers stand beside it. */
function Forest(compared: Pick<NonNullable<Metric['difference']>, 'absolute' | 'interval'>) {
  const { none, point, low, high } = forestOf(compared);
  const at = (place: number): string => `${place * 100}%`;
  return (
    <svg className={classes['forest']} aria-hidden focusable="false">
      <line className={classes['none']} x1={at(none)} x2={at(none)} y1="0" y2="18" />
      <line className={classes['interval']} x1={at(low)} x2={at(high)} y1="9" y2="9" />
      <line className={classes['interval']} x1={at(low)} x2={at(low)} y1="5" y2="13" />
      <line className={classes['interval']} x1={at(high)} x2={at(high)} y1="5" y2="13" />
      <circle className={classes['point']} cx={at(point)} cy="9" r="4" />
    </svg>
  );
}

function Evidence({ evidence, limit }: { readonly evidence: number; readonly limit: number | null }) {
  const told =
    limit === null ? formatEvidence(evidence) : words.evidenceOf(formatEvidence(evidence), formatEvidence(limit));
  return (
    <div className={classes['evidence']}>
      <span>{words.evidence}</span>
      {limit !== null && (
        <meter
          min={0}
          max={limit}
          value={Math.max(0, Math.min(evidence, limit))}
          aria-label={`${words.evidence}: ${told}`}
          data-full={evidence >= limit}
        />
      )}
      <strong>{told}</strong>
    </div>
  );
}
