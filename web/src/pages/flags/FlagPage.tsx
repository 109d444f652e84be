import { Stack, Tabs, Title } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useMemo, useState } from 'react';
import { present, useLoaded } from '../../api/live-query.js';
import { projectQuery } from '../../api/project.js';
import { usePaletteActs } from '../../components/palette-acts.js';
import type { Loading, Place } from '../../components/screen.js';
import { useGo } from '../../components/use-go.js';
import { useWords } from '../../components/use-words.js';
import { FlagDelete } from '../../forms/flag-delete.js';
import { FlagSwitch } from '../../forms/flag-switch.js';
import { flag as text } from '../../text/flag.js';
import { pb } from '../../util/path-builder.js';
import { oneOf, searchWords } from '../../util/search-words.js';
import { describeState } from '../../util/serve.js';
import { flagQuery } from './flag-query.js';
import { FlagHeader } from './FlagHeader.js';
import { loadRevisions, RevisionsTab } from './tabs/RevisionsTab.js';
import { type RemovedFlag, SettingsTab } from './tabs/SettingsTab.js';
import { ServingTab } from './tabs/ServingTab.js';
import { loadUsage, UsageTab } from './tabs/UsageTab.js';
import { loadVariations, VariationsTab } from './tabs/VariationsTab.js';

const TABS = ['serving', 'variations', 'usage', 'revisions', 'settings'] as const;
const words = searchWords({ tab: oneOf(TABS, 'serving') });

export const title = ({ params }: Place<'project' | 'flag'>) => params.flag;

export const load = ({ params, search, at, fetch }: Loading<'project' | 'flag'>) =>
  Promise.all([
    fetch(flagQuery, params),
    {
      serving: () => undefined,
      settings: () => undefined,
      variations: () => loadVariations(params, fetch),
      usage: () => loadUsage({ ...at, flag: params.flag }, search, fetch),
      revisions: () => loadRevisions({ ...at, flag: params.flag }, fetch),
    }[words.read(search).tab](),
  ]);

export function Page(place: Place<'project' | 'flag'>) {
  const go = useGo();
  const { at } = place;
  const [removed, setRemoved] = useState<RemovedFlag>();
  if (removed === undefined) return <Shown {...place} onRemove={setRemoved} />;
  // Nothing here asks for the flag while it goes.
  return (
    <>
      <Title order={1}>{removed.flag.key}</Title>
      <FlagDelete
        at={at}
        {...removed}
        onDone={() => go(pb.flags(at), 'replace')}
        onClose={() => setRemoved(undefined)}
      />
    </>
  );
}

function Shown({
  params,
  search,
  at,
  onRemove,
}: Place<'project' | 'flag'> & { readonly onRemove: (removed: RemovedFlag) => void }) {
  const flag = present(useLoaded(flagQuery, params).project?.flag);
  const environments = useLoaded(projectQuery, { project: params.project }).project?.environments ?? [];
  const productions = environments.filter(({ production }) => production).map(({ key }) => key);
  const [{ tab }, say] = useWords(words, search);
  const [asked, setAsked] = useState<string>();
  const state = flag.environments.find(({ environment }) => environment === asked);
  const here = flag.environments.find(({ environment }) => environment === at.environment);

  const kill = (): void => {
    if (here?.on === true) setAsked(at.environment);
    else notifications.show({ message: text.switch.isOff(at.environment, here ? describeState(here) : '–') });
  };
  useHotkeys([['k', kill]]);
  const isOn = here?.on === true;
  const acts = useMemo(
    () => [
      {
        label: isOn ? text.switch.offIn(flag.key, at.environment) : text.switch.onIn(flag.key, at.environment),
        run: () => setAsked(at.environment),
      },
      ...TABS.map((each) => ({ label: `${flag.key}: ${text.tabs[each]}`, run: () => say({ tab: each }) })),
    ],
    [flag.key, at.environment, isOn, say],
  );
  usePaletteActs(acts);

  return (
    <Stack gap="sm">
      <FlagHeader at={at} flag={flag} productions={productions} onSwitch={setAsked} />
      <Tabs
        value={tab}
        onChange={(next) => say({ tab: TABS.find((each) => each === next) ?? 'serving' })}
        keepMounted={false}
      >
        <Tabs.List aria-label={text.tabs.label}>
          {TABS.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {text.tabs[each]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab} pt="sm">
          {tab === 'serving' && <ServingTab at={at} flag={flag.key} />}
          {tab === 'variations' && <VariationsTab at={at} flag={flag.key} />}
          {tab === 'usage' && <UsageTab at={at} flag={flag.key} search={search} />}
          {tab === 'revisions' && <RevisionsTab at={at} flag={flag.key} search={search} hold={here?.hold ?? null} />}
          {tab === 'settings' && <SettingsTab at={at} flag={flag} onRemove={onRemove} />}
        </Tabs.Panel>
      </Tabs>
      {state !== undefined && (
        <FlagSwitch
          at={{ ...at, environment: state.environment }}
          flag={flag.key}
          state={state}
          isProduction={productions.includes(state.environment)}
          onClose={() => setAsked(undefined)}
        />
      )}
    </Stack>
  );
}
