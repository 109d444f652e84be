import { Group, SimpleGrid, Stack, Title } from '@mantine/core';
import { useState } from 'react';
import { useClient } from 'urql';
import { load, present } from '../../../api/live-query.js';
import { AppLink } from '../../../components/AppLink.js';
import { useViewerAbilities } from '../../../components/use-viewer.js';
import { ParallelRunSettings } from '../../../forms/parallel-run-settings.js';
import { parallelRun as text } from '../../../text/parallel-run.js';
import { ActionButton } from '../../../ui/ActionButton.js';
import { KeyValue } from '../../../ui/KeyValue.js';
import { may } from '../../../util/may.js';
import { formatDuration } from '../../../util/moment.js';
import { pb } from '../../../util/path-builder.js';
import { formatCount, formatRate, formatShare } from '../../../util/share.js';
import { runQuery, type ShownSettings } from '../run-query.js';

const words = text.settings;

interface Props {
  readonly at: { readonly project: string; readonly environment: string; readonly run: string };
  readonly settings: ShownSettings;
}

/** What a run demands here, what it may cost its callers, and who gets the new code's answer. */
export function SettingsTab({ at, settings }: Props) {
  const client = useClient();
  const [isEditing, setIsEditing] = useState(false);
  const place = { project: at.project, environment: at.environment };
  const { demand, runner } = settings;
  return (
    <Stack gap="sm">
      <Group justify="flex-end">
        <ActionButton may={may('parallelRun.write', useViewerAbilities(place))} onClick={() => setIsEditing(true)}>
          {words.edit}
        </ActionButton>
      </Group>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <div>
          <Title order={2} size="h4">
            {words.demand}
          </Title>
          <KeyValue
            items={{
              [words.rate]: formatRate(demand.tolerance),
              [words.alphas]: words.alphasWords(formatRate(demand.alpha), formatRate(demand.alphaKill)),
              [text.checks.unanswered]: text.checks.unansweredLimit(formatRate(demand.unansweredTolerance)),
              [words.slowness]:
                demand.latencyMargin === null
                  ? text.checks.notJudged
                  : text.checks.latencyLimit(formatCount(1 + demand.latencyMargin)),
              [words.strata]:
                demand.strata.map(({ stratum, minimum }) => `${stratum} ${formatCount(minimum)}`).join(', ') ||
                words.noStrata,
            }}
          />
        </div>
        <div>
          <Title order={2} size="h4">
            {words.runner}
          </Title>
          <KeyValue
            items={{
              [words.serve]:
                runner.serve === null ? (
                  words.servesNobody
                ) : (
                  <>
                    {text.served(runner.serve.flag, runner.serve.variation)}{' '}
                    <AppLink to={pb.flag(place, runner.serve.flag)}>{runner.serve.flag}</AppLink>
                  </>
                ),
              [words.budget]: words.budgetWords(
                formatCount(runner.budget.addedMs),
                formatCount(runner.budget.loopDelayMs),
              ),
              [words.runs]: words.runsWords(formatDuration(runner.deadlineMs), formatCount(runner.maxConcurrent)),
              [words.twins]: formatShare(runner.twinShare),
              [words.window]: formatDuration(runner.windowSeconds * 1_000),
              [words.bucketBy]: runner.bucketBy ?? words.targetingKey,
              [words.rawPaths]:
                runner.rawPaths.length === 0 ? words.noRawPaths : <code>{runner.rawPaths.join(', ')}</code>,
            }}
          />
        </div>
      </SimpleGrid>
      {isEditing && (
        <ParallelRunSettings
          at={place}
          run={at.run}
          settings={settings}
          readTheirs={async () =>
            present((await load(client, runQuery, at, 'network-only')).project?.parallelRun?.settings)
          }
          onClose={() => setIsEditing(false)}
        />
      )}
    </Stack>
  );
}
