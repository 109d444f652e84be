import { Checkbox, Group, Stack } from '@mantine/core';
import { useMemo, useState } from 'react';
import { graphql, type ResultOf } from '../../api/graphql.js';
import { liveQuery } from '../../api/live-query.js';
import { useFresh } from '../../api/use-fresh.js';
import { usePages } from '../../api/use-pages.js';
import { Banner } from '../../components/Banner.js';
import type { Loading, Place } from '../../components/screen.js';
import { useViewerAbilities } from '../../components/use-viewer.js';
import { useWords } from '../../components/use-words.js';
import { TokenCreate } from '../../forms/token-create.js';
import { TokenRevoke } from '../../forms/token-revoke.js';
import { TokenRotate } from '../../forms/token-rotate.js';
import { access, tokens as text } from '../../text/access.js';
import { ActionButton } from '../../ui/ActionButton.js';
import { type Column, DataTable } from '../../ui/DataTable.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { FilterInput } from '../../ui/FilterInput.js';
import { Moment } from '../../ui/Moment.js';
import { StatusBadge, type Tone } from '../../ui/StatusBadge.js';
import { both, may, type May } from '../../util/may.js';
import { isUsable, tokenStanding, type TokenStanding } from '../../util/token-standing.js';
import { accessWords, ASK_MS } from './access-words.js';

const tokensQuery = liveQuery(
  graphql(`
    query Tokens($after: String) {
      tokens(first: 100, after: $after) {
        edges {
          node {
            id
            kind
            name
            project
            environment
            hint
            createdAt
            expiresAt
            revokedAt
            owner
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `),
  ['token'],
);

type Token = ResultOf<(typeof tokensQuery)['document']>['tokens']['edges'][number]['node'];
type Act = 'rotate' | 'revoke';

export const loadTokens = (fetch: Loading['fetch']) => fetch(tokensQuery, {});

export function TokensTab({ project, search }: { readonly project: string } & Pick<Place, 'search'>) {
  const [{ q, sort, ended }, say] = useWords(accessWords, search);
  const { nodes, more, failure } = usePages(tokensQuery, {}, ({ tokens }) => tokens);
  useFresh(tokensQuery, {}, ASK_MS);
  const [asked, setAsked] = useState<'create' | { readonly act: Act; readonly token: Token }>();
  const mayCreate = may('token.write', useViewerAbilities(project === '' ? undefined : { project }));
  const columns = useMemo(() => columnsFor((act, token) => setAsked({ act, token })), []);
  const rows = useMemo(() => {
    const now = new Date();
    return nodes.filter((token) => isAsked(token, q) && (ended || isUsable(token, now)));
  }, [nodes, q, ended]);
  const close = (): void => setAsked(undefined);
  return (
    <Stack gap="sm">
      <Banner problems={failure === undefined ? [] : [failure]} />
      <Group justify="space-between">
        <Group gap="sm">
          <FilterInput label={text.filter} value={q} onChange={(next) => say({ q: next })} />
          <Checkbox
            label={text.showEnded}
            checked={ended}
            onChange={({ currentTarget }) => say({ ended: currentTarget.checked })}
          />
        </Group>
        <ActionButton may={mayCreate} onClick={() => setAsked('create')}>
          {text.create.open}
        </ActionButton>
      </Group>
      <DataTable
        label={text.table}
        rows={rows}
        columns={columns}
        rowKey={({ id }) => id}
        sort={sort}
        onSort={(next) => say({ sort: next })}
        onEnd={more}
        empty={
          nodes.length === 0 ? (
            <EmptyState title={text.none.title} cli={text.none.cli}>
              {text.none.text}
            </EmptyState>
          ) : (
            <EmptyState title={access.noMatch} />
          )
        }
      />
      {asked === 'create' && <TokenCreate project={project} onClose={close} />}
      {typeof asked === 'object' && asked.act === 'rotate' && <TokenRotate token={asked.token} onClose={close} />}
      {typeof asked === 'object' && asked.act === 'revoke' && <TokenRevoke token={asked.token} onClose={close} />}
    </Stack>
  );
}

function columnsFor(onAct: (act: Act, token: Token) => void): readonly Column<Token>[] {
  return [
    { id: 'name', header: text.columns.name, sortBy: ({ name }) => name, cell: ({ name }) => name },
    {
      id: 'kind',
      header: text.columns.kind,
      width: '80px',
      sortBy: ({ kind }) => kind,
      cell: ({ kind }) => kind,
    },
    {
      id: 'place',
      header: text.columns.place,
      isMinor: true,
      sortBy: (token) => access.place(token),
      cell: (token) => access.place(token),
    },
    {
      id: 'owner',
      header: text.columns.owner,
      isMinor: true,
      sortBy: ({ owner }) => owner ?? undefined,
      cell: ({ owner }) => owner ?? '–',
    },
    {
      id: 'hint',
      header: text.columns.hint,
      width: '80px',
      isMinor: true,
      cell: ({ hint }) => <code>…{hint}</code>,
    },
    {
      id: 'state',
      header: text.columns.state,
      width: '210px',
      sortBy: (token) => tokenStanding(token, new Date()),
      cell: (token) => <State token={token} />,
    },
    {
      id: 'acts',
      header: text.columns.acts,
      width: '190px',
      align: 'end',
      cell: (token) => <Acts token={token} onAct={onAct} />,
    },
  ];
}

const TONES: Readonly<Record<TokenStanding, Tone>> = {
  works: 'good',
  ending: 'waiting',
  expired: 'neutral',
  revoked: 'neutral',
};

function State({ token }: { readonly token: Token }) {
  const standing = tokenStanding(token, new Date());
  return (
    <>
      <StatusBadge tone={TONES[standing]}>{text.standing[standing]}</StatusBadge>{' '}
      {standing !== 'works' && <Moment at={token.revokedAt ?? token.expiresAt} />}
    </>
  );
}

function Acts({ token, onAct }: { readonly token: Token; readonly onAct: (act: Act, token: Token) => void }) {
  const { project, environment } = token;
  const abilities = useViewerAbilities(project === null ? undefined : { project, environment: environment ?? '' });
  const works: May = isUsable(token, new Date()) ? { isAllowed: true } : { isAllowed: false, reason: text.ended };
  const mayAct = both(works, may('token.write', abilities));
  return (
    <Group gap={4} justify="flex-end" wrap="nowrap">
      {(['rotate', 'revoke'] as const).map((act) => (
        <ActionButton
          key={act}
          size="compact-xs"
          variant="default"
          may={mayAct}
          onClick={() => onAct(act, token)}
          aria-label={text[act].label(token.name)}
        >
          {text[act].open}
        </ActionButton>
      ))}
    </Group>
  );
}

function isAsked({ name, owner, hint }: Token, q: string): boolean {
  const wanted = q.trim().toLowerCase();
  return [name, owner ?? '', hint].some((each) => each.toLowerCase().includes(wanted));
}
