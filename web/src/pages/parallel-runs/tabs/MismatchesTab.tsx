import { Anchor, Stack } from '@mantine/core';
import { useMemo, useState } from 'react';
import { graphql, type ResultOf } from '../../../api/graphql.js';
import { liveQuery, useLoaded } from '../../../api/live-query.js';
import { useFresh } from '../../../api/use-fresh.js';
import type { Loading } from '../../../components/screen.js';
import { useWords } from '../../../components/use-words.js';
import { ParallelRunRuleAdd } from '../../../forms/parallel-run-rule-add.js';
import { parallelRun as text } from '../../../text/parallel-run.js';
import { type Column, DataTable } from '../../../ui/DataTable.js';
import { EmptyState } from '../../../ui/EmptyState.js';
import { Moment } from '../../../ui/Moment.js';
import { suggestRule } from '../../../util/comparison-rule.js';
import { type Search, searchWords, textWord } from '../../../util/search-words.js';
import { formatCount } from '../../../util/share.js';
import type { ShownCandidate, ShownSettings } from '../run-query.js';
import { placeWords } from './place-words.js';
import { SignatureDetail } from './SignatureDetail.js';

const signaturesQuery = liveQuery(
  graphql(`
    query ParallelRunSignatures($project: String!, $run: String!, $environment: String!) {
      project(key: $project) {
        parallelRun(key: $run) {
          signatures(environment: $environment, first: 100) {
            id
            candidate
            n
            noise
            excess
            firstVersion
            lastVersion
            firstAt
            lastAt
            isCut
            maxDelta {
              absolute
              relative
            }
            places {
              path
              kind
              transition
            }
            strata {
              stratum
              n
            }
            samples {
              at
              stratum
              input
              traceId
              values {
                path
                control {
                  absent
                  digest
                  raw
                }
                candidate {
                  absent
                  digest
                  raw
                }
              }
            }
          }
        }
      }
    }
  `),
  ['parallelRun', 'parallelRunSettings'],
);

type Project = NonNullable<ResultOf<(typeof signaturesQuery)['document']>['project']>;
/** A fault, with some of the calls in which it was seen. */
export type ShownSignature = NonNullable<NonNullable<Project['parallelRun']>['signatures']>[number];

const ASK_MS = 5_000;
const words = searchWords({ signature: textWord(), sort: textWord('-excess') });

type At = { readonly project: string; readonly environment: string; readonly run: string };

export function loadMismatches(at: At, fetch: Loading['fetch']): Promise<unknown> {
  return fetch(signaturesQuery, at);
}

interface Props {
  readonly at: At;
  readonly search: Search;
  readonly settings: ShownSettings;
  readonly owner: string | null;
  readonly candidate: ShownCandidate | undefined;
}

/** What came out unequal: the same fault once, the worst first, and the calls in which it was seen. */
export function MismatchesTab({ at, search, settings, owner, candidate }: Props) {
  const [{ signature, sort }, say] = useWords(words, search);
  const all = useLoaded(signaturesQuery, at).project?.parallelRun?.signatures;
  useFresh(signaturesQuery, at, ASK_MS);
  const name = candidate?.candidate;
  const rows = useMemo(() => (all ?? []).filter((each) => each.candidate === name), [all, name]);
  const columns = useMemo(() => columnsFor((id) => say({ signature: id })), [say]);
  const open = rows.find(({ id }) => id === signature);
  const [explained, setExplained] = useState<ShownSignature>();
  const { none } = text.signatures;
  return (
    <Stack gap="sm">
      <DataTable
        label={text.signatures.label}
        rows={rows}
        columns={columns}
        rowKey={({ id }) => id}
        sort={sort}
        onSort={(next) => say({ sort: next })}
        onOpen={({ id }) => say({ signature: id })}
        empty={
          <EmptyState title={none.title}>
            {candidate === undefined || candidate.equivalence.n === 0 ? none.nothing : none.some}
          </EmptyState>
        }
      />
      {open !== undefined && (
        <SignatureDetail
          key={open.id}
          at={at}
          signature={open}
          onRule={() => setExplained(open)}
          onClose={() => say({ signature: '' })}
        />
      )}
      {explained !== undefined && (
        <ParallelRunRuleAdd
          at={{ project: at.project, environment: at.environment }}
          run={at.run}
          owner={owner}
          version={settings.version}
          rule={suggestRule(explained)}
          onClose={() => setExplained(undefined)}
        />
      )}
    </Stack>
  );
}

function columnsFor(onOpen: (id: string) => void): readonly Column<ShownSignature>[] {
  const { signatures } = text;
  return [
    {
      id: 'where',
      header: signatures.where,
      sortBy: ({ places }) => places[0]?.path,
      cell: ({ id, places, isCut }) => (
        <Anchor component="button" type="button" inherit truncate onClick={() => onOpen(id)}>
          {placeWords(places, isCut)}
        </Anchor>
      ),
    },
    ...(['excess', 'n', 'noise'] as const).map((name): Column<ShownSignature> => ({
      id: name,
      header: signatures[name],
      width: '100px',
      align: 'end',
      isMinor: name === 'noise',
      sortBy: (each) => each[name],
      cell: (each) => formatCount(each[name]),
    })),
    {
      id: 'kinds',
      header: signatures.kinds,
      width: '150px',
      isMinor: true,
      cell: ({ strata }) => strata.map(({ stratum, n }) => `${stratum} ${formatCount(n)}`).join(', ') || '–',
    },
    {
      id: 'firstVersion',
      header: signatures.firstVersion,
      width: '110px',
      isMinor: true,
      sortBy: ({ firstVersion }) => firstVersion,
      cell: ({ firstVersion }) => firstVersion,
    },
    {
      id: 'lastAt',
      header: signatures.lastAt,
      width: '140px',
      isMinor: true,
      sortBy: ({ lastAt }) => lastAt,
      cell: ({ lastAt }) => <Moment at={lastAt} />,
    },
  ];
}
