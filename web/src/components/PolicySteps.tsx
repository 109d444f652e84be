import { Stack, Title } from '@mantine/core';
import { policySteps as text } from '../text/policies.js';
import { KeyValue } from '../ui/KeyValue.js';
import { Percent } from '../ui/Percent.js';
import { formatDuration } from '../util/moment.js';
import type { ReadGate, ReadMetric, ReadPolicy } from '../util/policy-document.js';
import { formatCount, formatRate, formatShare } from '../util/share.js';
import classes from './policy.module.css';

const SECOND_MS = 1_000;

/** A policy as one reads it: its steps, what is measured, and what else it says. */
export function PolicySteps({ policy }: { readonly policy: ReadPolicy }) {
  return (
    <Stack gap="sm">
      <div className={classes['scroll']}>
        <table className={classes['table']} aria-label={text.table}>
          <thead>
            <tr>
              <th scope="col">{text.columns.step}</th>
              <th scope="col">{text.columns.share}</th>
              <th scope="col">{text.columns.hold}</th>
              <th scope="col">{text.columns.sample}</th>
              <th scope="col">{text.columns.gates}</th>
            </tr>
          </thead>
          <tbody>
            {policy.steps.map(({ share, sampling, holdSeconds, minimumUnits, gates }, index) => (
              <tr key={index}>
                <td>{index + 1}</td>
                <td>
                  <Percent share={share} />
                  {sampling > 0 && <div className={classes['minor']}>{text.sampling(formatShare(sampling))}</div>}
                </td>
                <td>{holdSeconds === 0 ? text.noHold : formatDuration(holdSeconds * SECOND_MS)}</td>
                <td>{minimumUnits === 0 ? text.noUnits : text.units(formatCount(minimumUnits))}</td>
                <td>{goesOnBy(gates, policy)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Title order={3}>{text.metrics}</Title>
      {policy.metrics.length === 0 ? (
        <div>{text.noMetrics}</div>
      ) : (
        <ul className={classes['list']}>
          {policy.metrics.map((metric, index) => (
            <li key={index}>
              <b>{metric.name}</b>: {metricWords(metric)}
            </li>
          ))}
        </ul>
      )}
      <Title order={3}>{text.rules}</Title>
      <KeyValue items={rulesOf(policy)} />
    </Stack>
  );
}

function goesOnBy(gates: readonly ReadGate[], { metrics }: ReadPolicy): string {
  const isJudged = metrics.some(({ dryRun }) => !dryRun);
  if (gates.length === 0) return isJudged ? text.noGates : text.timeAlone;
  return gates.map(gateWords).join('; ');
}

function gateWords({ kind, of }: ReadGate): string {
  return (text.gates[kind] ?? text.otherGate)(kind in text.gates ? of : kind);
}

function metricWords({ kind, of, slowerThanMs, margin, dryRun }: ReadMetric): string {
  const words = text.metric[kind]?.(of, slowerThanMs === undefined ? '?' : formatCount(slowerThanMs)) ?? kind;
  return [words, ...(margin > 0 ? [text.margin(formatRate(margin))] : []), ...(dryRun ? [text.dryRun] : [])].join(', ');
}

function rulesOf(policy: ReadPolicy): Readonly<Record<string, string>> {
  const { bakeSeconds, deadline, freezeWindows, maxOverdueFlags } = policy;
  const action = text.actions[deadline.action] ?? deadline.action;
  return {
    [text.bake]: bakeSeconds === 0 ? text.noBake : formatDuration(bakeSeconds * SECOND_MS),
    [text.deadline]: text.deadlineOf(formatDuration(deadline.afterSeconds * SECOND_MS), action),
    [text.outage]: text.outageOf(formatDuration(policy.outageSeconds * SECOND_MS)),
    [text.newer]: text.newers[policy.onNewer] ?? policy.onNewer,
    ...(policy.metrics.length > 0 && { [text.alpha]: text.alphaOf(formatRate(policy.alpha)) }),
    ...(freezeWindows.length > 0 && { [text.freeze]: freezeWindows.join(', ') }),
    ...(policy.approvalsToStart > 0 && { [text.approvals]: formatCount(policy.approvalsToStart) }),
    ...(maxOverdueFlags !== undefined && { [text.debt]: text.debtOf(formatCount(maxOverdueFlags)) }),
  };
}
