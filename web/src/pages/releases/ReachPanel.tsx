import { Stack, Text } from '@mantine/core';
import { releases as text } from '../../text/releases.js';
import { KeyValue } from '../../ui/KeyValue.js';
import { Panel } from '../../ui/Panel.js';
import { Percent } from '../../ui/Percent.js';
import { formatMs } from '../../util/figures.js';
import { formatCount, formatShare } from '../../util/share.js';
import type { Release } from './release-query.js';
import classes from './ReleasePage.module.css';

type Reach = NonNullable<Release['reach']>;
type Traffic = NonNullable<Release['rollout']>['traffic'][number];

/** How far the share that is asked for has come: by what SDK instances acknowledge, and by what routers counted. */
export function ReachPanel({ release: { reach, rollout } }: { readonly release: Release }) {
  const words = text.reach;
  if (rollout === null || reach === null) {
    return (
      <Panel title={words.title}>
        <Text c="dimmed">{words.none}</Text>
      </Panel>
    );
  }
  return (
    <Panel title={words.title}>
      <Stack gap={6} className={classes['facts'] ?? ''}>
        <KeyValue
          items={{
            [words.share]: <Percent share={rollout.share} />,
            ...Object.fromEntries(rollout.traffic.map((each) => [each.service, <Routed key="" {...each} />])),
            ...(reach.propagationMs !== null && {
              [words.propagation]: `${words.p50} ${formatMs(reach.propagationMs.p50)}, ${words.p99} ${formatMs(reach.propagationMs.p99)}`,
            }),
          }}
        />
        <Text>{reach.instances === 0 ? words.noInstances : words.instances(reach.current, reach.instances)}</Text>
        <Laggards reach={reach} />
        {reach.silent > 0 && <Text>{words.silent(reach.silent)}</Text>}
      </Stack>
    </Panel>
  );
}

function Laggards({ reach: { laggards, revision, instances } }: { readonly reach: Reach }) {
  const words = text.reach;
  if (laggards.length === 0) {
    return instances === 0 ? null : <Text c="dimmed">{words.nobodyBehind}</Text>;
  }
  return (
    <div>
      <Text fw={600}>{words.laggards}</Text>
      <ul className={classes['list']}>
        {laggards.map((laggard) => (
          <li key={laggard.id}>
            {laggard.name}{' '}
            <Text span c="dimmed" size="xs">
              {words.laggardAt(laggard.revision, revision)}
            </Text>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Routed({ actual, requests, fits }: Traffic) {
  const words = text.reach;
  return (
    <>
      {actual === null ? '–' : formatShare(actual)} {words.requests(formatCount(requests))}
      {fits !== null && `: ${words.fits[fits]}`}
    </>
  );
}
