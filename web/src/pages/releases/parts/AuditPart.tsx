import { Modal } from '@mantine/core';
import { useMemo, useState } from 'react';
import { graphql, type ResultOf } from '../../../api/graphql.js';
import { liveQuery } from '../../../api/live-query.js';
import { usePages } from '../../../api/use-pages.js';
import { Banner } from '../../../components/Banner.js';
import { releases as text } from '../../../text/releases.js';
import { DiffView } from '../../../ui/DiffView.js';
import { type Column, DataTable } from '../../../ui/DataTable.js';
import { EmptyState } from '../../../ui/EmptyState.js';
import { Moment } from '../../../ui/Moment.js';
import classes from '../ReleasePage.module.css';

export const auditQuery = liveQuery(
  graphql(`
    query ReleaseAudit($project: String!, $subject: String!, $after: String) {
      project(key: $project) {
        audit(subject: $subject, first: 100, after: $after) {
          edges {
            node {
              sequence
              at
              action
              actor {
                name
              }
              before
              after
            }
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  `),
  ['release', 'rollout'],
);

type Project = NonNullable<ResultOf<(typeof auditQuery)['document']>['project']>;
type Entry = NonNullable<Project['audit']>['edges'][number]['node'];

/** What was done to the release and by whom, the newest first; each entry opens what it changed. */
export function AuditPart({ project, id }: { readonly project: string; readonly id: string }) {
  const variables = useMemo(() => ({ project, subject: `release/${id}` }), [project, id]);
  const { nodes, more, failure } = usePages(auditQuery, variables, (data) => data.project?.audit);
  const [opened, setOpened] = useState<Entry>();
  const columns = useMemo(
    (): readonly Column<Entry>[] => [
      { id: 'at', header: text.audit.at, width: '140px', cell: ({ at }) => <Moment at={at} /> },
      {
        id: 'action',
        header: text.audit.action,
        cell: (entry) => (
          <button type="button" className={classes['entry']} onClick={() => setOpened(entry)}>
            {entry.action}
          </button>
        ),
      },
      { id: 'by', header: text.audit.by, width: '200px', cell: ({ actor }) => actor.name },
    ],
    [],
  );
  return (
    <>
      <Banner problems={failure === undefined ? [] : [failure]} />
      <DataTable
        label={text.audit.table}
        rows={nodes}
        columns={columns}
        rowKey={({ sequence }) => String(sequence)}
        onOpen={setOpened}
        onEnd={more}
        empty={<EmptyState title={text.audit.none} />}
      />
      {opened !== undefined && (
        <Modal
          opened
          onClose={() => setOpened(undefined)}
          size="xl"
          title={`${text.audit.diff}: ${opened.action}, ${opened.actor.name}`}
        >
          <DiffView before={opened.before} after={opened.after} labels={[text.changes.before, text.audit.after]} />
        </Modal>
      )}
    </>
  );
}
