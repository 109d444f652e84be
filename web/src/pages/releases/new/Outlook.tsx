import { Group, Loader, Stack, Text, Title } from '@mantine/core';
import { AppLink } from '../../../components/AppLink.js';
import { PolicyPlanView } from '../../../components/PolicyPlanView.js';
import { usePolicyPlan } from '../../../components/use-policy-plan.js';
import { newRelease as text } from '../../../text/new-release.js';
import { type InProject, pb } from '../../../util/path-builder.js';
import { toArguments, toTraffic } from '../../../util/release-draft.js';
import classes from './NewReleasePage.module.css';
import type { Preview } from './release-queries.js';
import type { WrittenRelease } from './use-release-draft.js';

interface Props {
  readonly at: InProject & { readonly environment: string };
  readonly written: WrittenRelease;
  readonly preview: Preview | undefined;
  readonly isAsking: boolean;
  readonly hasSteps: boolean;
}

/** What the release would come to, beside every step. Before anything is changed, what its policy would. */
export function Outlook({ at, written, preview, isAsking, hasSteps }: Props) {
  const { draft, change } = written;
  const hasChanges = draft.changes.length > 0 && preview?.yaml !== null;
  const { project, environment } = at;
  const asked = {
    project,
    environment,
    policy: draft.policy,
    arguments: toArguments(draft),
    traffic: toTraffic(draft),
  };
  const alone = usePolicyPlan(asked, hasChanges);
  const planned = hasChanges ? { plan: preview?.plan, problems: preview?.planProblems ?? [], isAsking } : alone;
  return (
    <aside aria-label={text.outlook} className={classes['outlook']}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2}>{text.outlook}</Title>
          {planned.isAsking && <Loader size="xs" role="status" aria-label={text.asking} />}
        </Group>
        <Text c="dimmed" size="sm">
          {draft.policy} {text.where(environment)}
        </Text>
        {preview?.existingId && (
          <Text>
            {text.existing} <AppLink to={pb.release(at, preview.existingId)}>{text.existingLink}</AppLink>
          </Text>
        )}
        {preview !== undefined && preview.approvalsToStart > 0 && (
          <Text>{text.approvals(preview.approvalsToStart)}</Text>
        )}
        <PolicyPlanView
          {...planned}
          leastSecondsToFull={preview?.leastSecondsToFull}
          traffic={draft}
          onTraffic={change}
          hasSteps={hasSteps}
        />
      </Stack>
    </aside>
  );
}
