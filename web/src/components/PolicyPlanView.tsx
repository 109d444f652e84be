import { Alert, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { Fragment } from 'react';
import { plan as text } from '../text/policies.js';
import { Percent } from '../ui/Percent.js';
import { Sentence } from '../ui/Sentence.js';
import type { Problem } from '../util/field-errors.js';
import { formatDuration } from '../util/moment.js';
import { formatCount, formatRate } from '../util/share.js';
import { Banner } from './Banner.js';
import type { PolicyPlan } from './policy-plan.js';
import classes from './policy.module.css';

/** What is said of ordinary traffic, as it is typed. */
export interface WrittenTraffic {
  readonly unitsPerMinute: string;
  readonly badPercent: string;
}

interface Props {
  readonly plan: PolicyPlan | null | undefined;
  /** Why there is none. */
  readonly problems: readonly Problem[];
  /** Told where there is no plan, in seconds. */
  readonly leastSecondsToFull?: number | null | undefined;
  readonly traffic: WrittenTraffic;
  readonly onTraffic: (changes: Partial<WrittenTraffic>) => void;
  readonly isAsking: boolean;
  /** Every step too, where there is room. */
  readonly hasSteps?: boolean;
}

/** Said of ordinary traffic where history does not. */
const ASKS = ['NO_HISTORY', 'BAD_RATE_UNKNOWN'];
const MINUTE_MS = 60_000;
const SMALLEST_CHANCE = 0.001;

/** How long a policy takes to 100 %, and what it would find on the way. */
export function PolicyPlanView(props: Props) {
  const { plan, problems, leastSecondsToFull, traffic, onTraffic, isAsking, hasSteps = false } = props;
  const isAsked = problems.some(({ code }) => ASKS.includes(code));
  const isSaid = traffic.unitsPerMinute !== '' || traffic.badPercent !== '';
  return (
    <Stack gap="sm" aria-busy={isAsking}>
      {plan ? <Figures plan={plan} /> : <Least seconds={leastSecondsToFull} isAsking={isAsking} />}
      <Banner problems={problems.filter(({ code }) => !ASKS.includes(code))} />
      {isAsked && <Text>{text.ask}</Text>}
      {(isAsked || isSaid || plan) && (
        <Group gap="sm" align="flex-start" grow>
          <TextInput
            label={text.unitsPerMinute}
            description={text.unitsHint}
            inputMode="decimal"
            value={traffic.unitsPerMinute}
            onChange={({ currentTarget }) => onTraffic({ unitsPerMinute: currentTarget.value })}
          />
          <TextInput
            label={text.badPercent}
            description={text.badHint}
            inputMode="decimal"
            value={traffic.badPercent}
            onChange={({ currentTarget }) => onTraffic({ badPercent: currentTarget.value })}
          />
        </Group>
      )}
      {plan && <Power plan={plan} />}
      {plan && hasSteps && <Steps plan={plan} />}
      {plan && <Warnings plan={plan} />}
    </Stack>
  );
}

function Least(props: { readonly seconds: number | null | undefined; readonly isAsking: boolean }) {
  const { seconds, isAsking } = props;
  if (seconds === null || seconds === undefined) return isAsking ? <Text c="dimmed">{text.asking}</Text> : null;
  return <Text>{text.least(seconds === 0 ? text.atOnce : formatDuration(seconds * 1_000))}</Text>;
}

function Figures({ plan: { minutesToFull, totalMinutes, traffic, subject } }: { readonly plan: PolicyPlan }) {
  const bad = traffic.badRate === null ? '?' : formatRate(traffic.badRate);
  const source = text.sources[traffic.source] ?? traffic.source;
  return (
    <>
      <dl className={classes['figures']}>
        <div>
          <dt>{text.full}</dt>
          <dd>{minutesWords(minutesToFull)}</dd>
        </div>
        <div>
          <dt>{text.total}</dt>
          <dd>{minutesWords(totalMinutes)}</dd>
        </div>
      </dl>
      <Text size="sm" c="dimmed">
        {text.traffic(source, subject, formatCount(Math.round(traffic.unitsPerMinute)), bad)}
      </Text>
    </>
  );
}

function Power({ plan: { metrics } }: { readonly plan: PolicyPlan }) {
  if (metrics.length === 0) return <Text>{text.noPower}</Text>;
  return (
    <div>
      <Title order={3}>{text.power}</Title>
      <div className={classes['scroll']}>
        <table className={classes['table']} aria-label={text.powerTable}>
          <thead>
            <tr>
              {metrics.length > 1 && <th scope="col">{text.powerColumns.metric}</th>}
              <th scope="col">{text.powerColumns.rise}</th>
              <th scope="col">{text.powerColumns.chance}</th>
              <th scope="col">{text.powerColumns.median}</th>
            </tr>
          </thead>
          <tbody>
            {metrics.flatMap(({ metric, ramp }) =>
              ramp.map(({ ratio, chance, minutes }) => (
                <tr key={`${metric} ${ratio}`}>
                  {metrics.length > 1 && <td>{metric}</td>}
                  <td className={classes['whole']}>{text.found(`${ratio}×`)}</td>
                  <td>{chanceWords(chance)}</td>
                  <td>{minutes === null ? '–' : minutesWords(minutes)}</td>
                </tr>
              )),
            )}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function Steps({ plan: { steps } }: { readonly plan: PolicyPlan }) {
  return (
    <div>
      <Title order={3}>{text.steps}</Title>
      <div className={classes['scroll']}>
        <table className={classes['table']} aria-label={text.stepsTable}>
          <thead>
            <tr>
              <th scope="col">{text.stepColumns.share}</th>
              <th scope="col">{text.stepColumns.lasts}</th>
              <th scope="col">{text.stepColumns.candidate}</th>
            </tr>
          </thead>
          <tbody>
            {steps.map(({ share, minutes, candidateUnitsPerMinute, metrics, warnings }, index) => (
              <Fragment key={index}>
                <tr data-open>
                  <td>
                    <Percent share={share} />
                  </td>
                  <td>{minutesWords(minutes)}</td>
                  <td>{text.perMinute(formatCount(Math.round(candidateUnitsPerMinute)))}</td>
                </tr>
                <tr>
                  <td colSpan={3} className={classes['minor']}>
                    <Sentence>{[...metrics.map(({ sentence }) => sentence), ...warnings].join(' ')}</Sentence>
                  </td>
                </tr>
              </Fragment>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function Warnings({ plan: { warnings, metrics } }: { readonly plan: PolicyPlan }) {
  const all = [...new Set([...warnings, ...metrics.flatMap((metric) => metric.warnings)])];
  if (all.length === 0) return null;
  return (
    <Alert color="yellow" title={text.warnings} py="xs">
      <ul className={classes['list']}>
        {all.map((warning) => (
          <li key={warning}>
            <Sentence>{warning}</Sentence>
          </li>
        ))}
      </ul>
    </Alert>
  );
}

function chanceWords(chance: number | null): string {
  if (chance === null) return '–';
  return chance > 0 && chance < SMALLEST_CHANCE ? text.below(formatRate(SMALLEST_CHANCE)) : formatRate(chance);
}

function minutesWords(minutes: number | null): string {
  if (minutes === null) return text.never;
  return minutes === 0 ? text.atOnce : formatDuration(minutes * MINUTE_MS);
}
