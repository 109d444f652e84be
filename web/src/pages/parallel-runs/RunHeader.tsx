import { Alert, Group, NativeSelect, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { AppLink } from '../../components/AppLink.js';
import { useViewerAbilities } from '../../components/use-viewer.js';
import { parallelRun as text } from '../../text/parallel-run.js';
import { ActionButton } from '../../ui/ActionButton.js';
import { Moment } from '../../ui/Moment.js';
import { Percent } from '../../ui/Percent.js';
import { both, may, type May } from '../../util/may.js';
import { type InProject, pb } from '../../util/path-builder.js';
import { FindingBadge } from './FindingBadge.js';
import classes from './RunHeader.module.css';
import type { ShownCandidate, ShownRun, ShownSettings } from './run-query.js';

const ACTS = ['start', 'share', 'stop', 'reset'] as const;
export type RunAct = (typeof ACTS)[number];

interface Props {
  readonly at: InProject & { readonly environment: string };
  readonly run: ShownRun;
  readonly settings: ShownSettings;
  readonly candidate: ShownCandidate | undefined;
  readonly pairs: readonly { readonly value: string; readonly label: string }[];
  readonly onPair: (pair: string) => void;
  readonly onAct: (act: RunAct) => void;
}

/** What is known of a run in a sentence, and what can be done with it here. */
export function RunHeader({ at, run, settings, candidate, pairs, onPair, onAct }: Props) {
  const abilities = useViewerAbilities(at);
  const { share, epoch, runner } = settings;
  const { hold } = run;
  const unlessHeld: May = hold === null ? { isAllowed: true } : { isAllowed: false, reason: hold.sentence };
  const mayAct: Readonly<Record<RunAct, May>> = {
    start: both(may('release.write', abilities), unlessHeld),
    share: both(may('parallelRun.operate', abilities), unlessHeld),
    stop: both(may('release.write', abilities), onlyIf(share > 0 || hold !== null, text.act.notSampled)),
    reset: both(may('parallelRun.operate', abilities), onlyIf(candidate !== undefined, text.act.nothingToReset)),
  };
  return (
    <Stack gap="xs">
      <Group justify="space-between" align="start" gap="sm">
        <Stack gap={2}>
          <Group gap="xs">
            <Title order={1} className={classes['name']}>
              {run.name}
            </Title>
            <FindingBadge finding={candidate?.finding} />
          </Group>
          {run.name !== run.key && <Text c="dimmed">{run.key}</Text>}
        </Stack>
        <Group gap="xs">
          {ACTS.map((act) => (
            <ActionButton
              key={act}
              may={mayAct[act]}
              variant={act === 'start' ? 'filled' : 'default'}
              onClick={() => onAct(act)}
            >
              {text.act[act]}
            </ActionButton>
          ))}
        </Group>
      </Group>
      <Text className={classes['sentence']} size="lg">
        {candidate?.sentence ?? text.nothing.title}
      </Text>
      {share === 0 && candidate?.finding === 'undecided' && <Text c="dimmed">{text.idle}</Text>}
      {hold !== null && (
        <Alert color="blue" py="xs">
          {hold.sentence} <AppLink to={pb.release(at, hold.releaseId)}>{text.release}</AppLink>
        </Alert>
      )}
      {run.description !== '' && <Text className={classes['sentence']}>{run.description}</Text>}
      <dl className={classes['facts']}>
        <Fact name={text.facts.share}>
          <Percent share={share} />
        </Fact>
        <Fact name={text.facts.epoch}>
          <span title={text.epochHint}>{epoch}</span>
        </Fact>
        {candidate !== undefined && (
          <Fact name={text.facts.versions}>
            {pairs.length > 1 ? (
              <NativeSelect
                aria-label={text.pick}
                size="xs"
                data={[...pairs]}
                value={[candidate.candidate, candidate.controlVersion, candidate.candidateVersion].join('|')}
                onChange={({ currentTarget }) => onPair(currentTarget.value)}
              />
            ) : (
              text.versions(candidate.controlVersion, candidate.candidateVersion)
            )}
          </Fact>
        )}
        {candidate !== undefined && (
          <Fact name={text.facts.certificate}>
            {candidate.certificate === null ? (
              text.noCertificate
            ) : (
              <>
                {candidate.certificate.finding}, <Moment at={candidate.certificate.at} />
              </>
            )}
          </Fact>
        )}
        <Fact name={text.facts.owner}>{run.owner ?? text.nobody}</Fact>
        <Fact name={text.facts.due}>
          <Moment at={run.dueAt} />
        </Fact>
      </dl>
      {runner.serve !== null && (
        <Text size="sm">
          {text.served(runner.serve.flag, runner.serve.variation)}{' '}
          <AppLink to={pb.flag(at, runner.serve.flag)}>{runner.serve.flag}</AppLink>
        </Text>
      )}
    </Stack>
  );
}

function onlyIf(isSo: boolean, reason: string): May {
  return isSo ? { isAllowed: true } : { isAllowed: false, reason };
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
