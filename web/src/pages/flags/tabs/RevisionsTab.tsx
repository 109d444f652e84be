import { Button, Group, SegmentedControl, Stack, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { graphql, type ResultOf } from '../../../api/graphql.js';
import { liveQuery, present } from '../../../api/live-query.js';
import { usePages } from '../../../api/use-pages.js';
import { Banner } from '../../../components/Banner.js';
import type { Loading } from '../../../components/screen.js';
import { useViewerAbilities } from '../../../components/use-viewer.js';
import { useWords } from '../../../components/use-words.js';
import { FlagRevert } from '../../../forms/flag-revert.js';
import { flag as text } from '../../../text/flag.js';
import { ActionButton } from '../../../ui/ActionButton.js';
import { DiffView } from '../../../ui/DiffView.js';
import { EmptyState } from '../../../ui/EmptyState.js';
import { Moment } from '../../../ui/Moment.js';
import { both, may, type May } from '../../../util/may.js';
import type { InProject } from '../../../util/path-builder.js';
import { oneOf, type Search, searchWords, textWord } from '../../../util/search-words.js';
import classes from './RevisionsTab.module.css';

const revisionsQuery = liveQuery(
  graphql(`
    query FlagRevisions($project: String!, $flag: String!, $environment: String!, $after: String) {
      project(key: $project) {
        flag(key: $flag) {
          settings(environment: $environment) {
            on
            offVariation
            defaultServe
            targets
            rules
            prerequisites
            version
            revisions(first: 50, after: $after) {
              edges {
                node {
                  sequence
                  at
                  actor {
                    name
                  }
                  action
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
      }
    }
  `),
  ['flagSettings', 'flag'],
);

type Project = NonNullable<ResultOf<(typeof revisionsQuery)['document']>['project']>;
type Settings = NonNullable<NonNullable<Project['flag']>['settings']>;
type Revision = NonNullable<Settings['revisions']>['edges'][number]['node'];

const SIDES = ['did', 'undo'] as const;
const words = searchWords({ revision: textWord(), compare: oneOf(SIDES, 'did') });

type In = InProject & { readonly environment: string };

export function loadRevisions(at: In & { readonly flag: string }, fetch: Loading['fetch']): Promise<unknown> {
  return fetch(revisionsQuery, { project: at.project, flag: at.flag, environment: at.environment });
}

interface Props {
  readonly at: In;
  readonly flag: string;
  readonly search: Search;
  readonly hold: { readonly sentence: string } | null;
}

/** What the settings here were, change by change, each beside what it was before or what is now, and the way back. */
export function RevisionsTab({ at, flag, search, hold }: Props) {
  const { project, environment } = at;
  const variables = { project, flag, environment };
  const pages = usePages(revisionsQuery, variables, (data) => data.project?.flag?.settings?.revisions);
  const settings = present(pages.first.project?.flag?.settings);
  const [{ revision, compare }, say] = useWords(words, search);
  const [isAsking, setIsAsking] = useState(false);
  const mayWrite = may('flag.write', useViewerAbilities(at));
  const [newest] = pages.nodes;
  if (newest === undefined) {
    const { none } = text.revisions;
    return (
      <EmptyState title={none.title} cli={none.cli(flag, environment)}>
        {none.text}
      </EmptyState>
    );
  }
  const chosen = pages.nodes.find(({ sequence }) => String(sequence) === revision) ?? newest;
  const version = versionOf(chosen);
  const now = contentOf(settings);
  const then = contentOf(chosen.after);
  const isNow: May =
    JSON.stringify(now) === JSON.stringify(then)
      ? { isAllowed: false, reason: text.revisions.isNow }
      : { isAllowed: true };
  return (
    <Stack gap="sm">
      <Banner problems={pages.failure === undefined ? [] : [pages.failure]} />
      <div className={classes['parts']}>
        <div className={classes['list']}>
          <ul aria-label={text.revisions.label}>
            {pages.nodes.map((each) => (
              <li key={each.sequence}>
                <UnstyledButton
                  className={classes['revision'] ?? ''}
                  aria-current={each === chosen ? 'true' : undefined}
                  onClick={() => say({ revision: String(each.sequence) })}
                >
                  <span>
                    <strong>{text.revisions.after(versionOf(each))}</strong>{' '}
                    {text.revisions.actions[each.action] ?? each.action}
                  </span>
                  <span className={classes['by']}>
                    <Moment at={each.at} /> · {each.actor.name}
                  </span>
                </UnstyledButton>
              </li>
            ))}
          </ul>
          {pages.more !== undefined && (
            <Button variant="subtle" onClick={pages.more}>
              {text.revisions.more}
            </Button>
          )}
        </div>
        <Stack gap="xs" className={classes['diff'] ?? ''}>
          <Group justify="space-between">
            <SegmentedControl
              size="xs"
              aria-label={text.revisions.compare}
              value={compare}
              data={SIDES.map((value) => ({ value, label: text.revisions[value] }))}
              onChange={(next) => say({ compare: next === 'undo' ? 'undo' : 'did' })}
            />
            <ActionButton may={both(mayWrite, isNow)} variant="default" onClick={() => setIsAsking(true)}>
              {text.revisions.revert}
            </ActionButton>
          </Group>
          {compare === 'did' ? (
            <DiffView
              before={contentOf(chosen.before)}
              after={then}
              labels={[text.revisions.before, text.revisions.after(version)]}
            />
          ) : (
            <DiffView
              before={now}
              after={then}
              labels={[text.revisions.now(settings.version), text.revisions.after(version)]}
            />
          )}
        </Stack>
      </div>
      {isAsking && (
        <FlagRevert
          at={at}
          flag={flag}
          revision={{ sequence: chosen.sequence, version }}
          expectedVersion={settings.version}
          hold={hold}
          onClose={() => setIsAsking(false)}
        />
      )}
    </Stack>
  );
}

const FIELDS = ['on', 'offVariation', 'defaultServe', 'targets', 'rules', 'prerequisites'] as const;

/** What is set, in one order, whoever tells it; versions and times are told beside it. */
function contentOf(settings: unknown): object {
  const said = (settings ?? {}) as Readonly<Record<string, unknown>>; // of whatever has no field, none is read
  return Object.fromEntries(FIELDS.map((field) => [field, sorted(said[field])]));
}

/** The same with the fields of objects in order: the audit log and the settings write them in their own. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(fields.map(([name, each]) => [name, sorted(each)]));
}

function versionOf({ after, sequence }: Revision): string {
  const version = typeof after === 'object' && after !== null && 'version' in after ? after['version'] : undefined;
  return typeof version === 'number' ? String(version) : `#${sequence}`;
}
