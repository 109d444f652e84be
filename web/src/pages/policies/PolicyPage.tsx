import { Code, Group, Stack, Tabs, Text, Title } from '@mantine/core';
import { useClient } from 'urql';
import { load as loadAnew, present, useLoaded } from '../../api/live-query.js';
import { PolicySteps } from '../../components/PolicySteps.js';
import type { Loading, Place } from '../../components/screen.js';
import { useGo } from '../../components/use-go.js';
import { useViewerAbilities } from '../../components/use-viewer.js';
import { useWords } from '../../components/use-words.js';
import { PolicyEdit, toWritten } from '../../forms/policy-write.js';
import { policy as text, policyForm } from '../../text/policies.js';
import { ActionButton } from '../../ui/ActionButton.js';
import { Moment } from '../../ui/Moment.js';
import { may } from '../../util/may.js';
import { pb, withSearch } from '../../util/path-builder.js';
import { readParameters, readPolicy } from '../../util/policy-document.js';
import { oneOf, searchWords, textWord, yesWord } from '../../util/search-words.js';
import { DocumentText } from './DocumentText.js';
import { PlanTab } from './PlanTab.js';
import { type Policy, policyQuery } from './policy-query.js';
import { UsedByTab } from './UsedByTab.js';
import { VersionsTab } from './VersionsTab.js';

const TABS = ['steps', 'plan', 'versions', 'usedBy'] as const;
const words = searchWords({ tab: oneOf(TABS, 'steps'), before: textWord(), after: textWord(), edit: yesWord() });

export const title = ({ params }: Place<'policy'>): string => params.policy;

export const load = ({ params, fetch }: Loading<'project' | 'policy'>) => fetch(policyQuery, params);

export function Page({ params, search, at }: Place<'project' | 'policy'>) {
  const client = useClient();
  const [{ tab, before, after, edit }, say] = useWords(words, search);
  const policy = present(useLoaded(policyQuery, params).project?.policy);
  const mayEdit = may('policy.write', useViewerAbilities({ project: at.project }));
  const mayRelease = may('release.write', useViewerAbilities(at));
  const go = useGo();
  if (edit) {
    const readTheirs = async () => {
      const { project } = await loadAnew(client, policyQuery, params, 'network-only');
      const theirs = present(project?.policy);
      return { version: theirs.version, values: toWritten(theirs) };
    };
    const close = (): void => say({ edit: false });
    return (
      <Stack gap="sm">
        <Title order={1}>{policyForm.title(policy.name)}</Title>
        <PolicyEdit at={at} policy={policy} readTheirs={readTheirs} onDone={close} onCancel={close} />
      </Stack>
    );
  }
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Group gap="sm">
          <Title order={1}>{policy.name}</Title>
          <Code>{policy.key}</Code>
          <Text c="dimmed">
            {text.version(policy.version)}, <Moment at={policy.updatedAt} />
          </Text>
        </Group>
        <Group gap="xs">
          <ActionButton may={mayEdit} variant="default" onClick={() => say({ edit: true })}>
            {text.edit}
          </ActionButton>
          <ActionButton may={mayRelease} onClick={() => go(withSearch(pb.releaseNew(at), { policy: policy.key }))}>
            {text.release}
          </ActionButton>
        </Group>
      </Group>
      {policy.description !== '' && <Text>{policy.description}</Text>}
      <Tabs value={tab} onChange={(next) => say({ tab: TABS.find((each) => each === next) ?? 'steps' })}>
        <Tabs.List aria-label={text.tabsLabel}>
          {TABS.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {text.tabs[each]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab} pt="sm">
          {tab === 'steps' && <Steps policy={policy} />}
          {tab === 'plan' && <PlanTab at={at} policy={policy.key} />}
          {tab === 'versions' && <VersionsTab policy={policy} before={before} after={after} onChoose={say} />}
          {tab === 'usedBy' && <UsedByTab at={at} policy={policy} />}
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

/** How it reads, and beside it how it was written. */
function Steps({ policy }: { readonly policy: Policy }) {
  const parameters = readParameters(policy.parameters);
  return (
    <Group align="flex-start" gap="lg" wrap="wrap">
      <Stack gap="sm" flex="1 1 420px" miw={0}>
        <PolicySteps policy={readPolicy(policy.document, policy.parameters)} />
        {parameters.length > 0 && (
          <>
            <Title order={3}>{text.parameters}</Title>
            <Text>{parameters.map(({ name, default: value }) => `${name} = ${JSON.stringify(value)}`).join(', ')}</Text>
          </>
        )}
      </Stack>
      <Stack gap="xs" flex="1 1 360px" miw={0}>
        <Title order={2}>{text.document}</Title>
        <DocumentText document={policy.document} />
      </Stack>
    </Group>
  );
}
