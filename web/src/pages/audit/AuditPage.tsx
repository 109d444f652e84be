import { Group, Stack, Title } from '@mantine/core';
import { usePages } from '../../api/use-pages.js';
import type { Loading, Place } from '../../components/screen.js';
import { audit as text } from '../../text/audit.js';
import { AuditChain } from './AuditChain.js';
import { AuditEntries } from './AuditEntries.js';
import { auditWords, filterOf, instanceQuery, projectQuery } from './audit-queries.js';

export const { title } = text;

export const load = ({ params, search, fetch }: Loading<'project'>) => {
  const filter = filterOf(search);
  return auditWords.read(search).all ? fetch(instanceQuery, filter) : fetch(projectQuery, { ...params, ...filter });
};

/** What was done, by whom and when; of the project, or of the whole instance. */
export function Page({ params, search }: Place<'project'>) {
  const { all } = auditWords.read(search);
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={1}>{text.title}</Title>
        <AuditChain />
      </Group>
      {all ? <OfInstance search={search} /> : <OfProject project={params.project} search={search} />}
    </Stack>
  );
}

function OfProject({ project, search }: { readonly project: string } & Pick<Place, 'search'>) {
  const pages = usePages(projectQuery, { project, ...filterOf(search) }, (data) => data.project?.audit);
  return <AuditEntries pages={pages} search={search} />;
}

function OfInstance({ search }: Pick<Place, 'search'>) {
  const pages = usePages(instanceQuery, filterOf(search), ({ audit }) => audit);
  return <AuditEntries pages={pages} search={search} />;
}
