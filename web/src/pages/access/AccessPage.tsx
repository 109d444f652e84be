import { Stack, Tabs, Title } from '@mantine/core';
import { projectsQuery } from '../../api/projects.js';
import { useLoaded } from '../../api/live-query.js';
import type { Loading, Place } from '../../components/screen.js';
import { useWords } from '../../components/use-words.js';
import { access as text } from '../../text/access.js';
import { accessWords } from './access-words.js';
import { loadPeople, PeopleTab } from './PeopleTab.js';
import { loadTokens, TokensTab } from './TokensTab.js';

const TABS = ['people', 'tokens'] as const;

export const { title } = text;

export const load = ({ search, fetch }: Loading) =>
  Promise.all([
    fetch(projectsQuery, {}),
    accessWords.read(search).tab === 'people' ? loadPeople(fetch) : loadTokens(fetch),
  ]);

/** Who may do what where: people, and the tokens of programs. */
export function Page({ search }: Place) {
  const [{ tab }, say] = useWords(accessWords, search);
  // What is made is proposed to be of the first project: the whole instance is to be chosen on purpose.
  const project = useLoaded(projectsQuery, {}).projects.edges[0]?.node.key ?? '';
  return (
    <Stack gap="sm">
      <Title order={1}>{text.title}</Title>
      <Tabs
        value={tab}
        onChange={(next) => say({ tab: TABS.find((each) => each === next) ?? 'people', q: '', sort: '' })}
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
          {tab === 'people' && <PeopleTab project={project} search={search} />}
          {tab === 'tokens' && <TokensTab project={project} search={search} />}
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}
