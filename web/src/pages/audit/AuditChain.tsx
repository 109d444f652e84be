import { Button, Group } from '@mantine/core';
import { useQuery } from 'urql';
import { failureOf } from '../../api/failure.js';
import { graphql } from '../../api/graphql.js';
import { liveQuery } from '../../api/live-query.js';
import { useViewerAbilities } from '../../components/use-viewer.js';
import { audit } from '../../text/audit.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { may } from '../../util/may.js';
import { formatCount } from '../../util/share.js';

const text = audit.chain;

// Of no topic: it reads every entry that there is, so it is asked as the page opens and when somebody wants it again.
const chainQuery = liveQuery(
  graphql(`
    query AuditChain {
      auditChain {
        entries
        isIntact
        firstBreak {
          sequence
          problem
        }
      }
    }
  `),
  [],
);

/** Whether nobody changed what is on record. */
export function AuditChain() {
  const mayCheck = may('audit.read', useViewerAbilities());
  const [{ data, error, fetching }, check] = useQuery({
    query: chainQuery.document,
    context: chainQuery.context,
    pause: !mayCheck.isAllowed,
    requestPolicy: 'cache-first',
  });
  const chain = data?.auditChain;
  const isKnown = chain !== undefined && chain !== null;
  return (
    <Group gap="xs" role="group" aria-label={text.label}>
      {!mayCheck.isAllowed && (
        <span title={mayCheck.reason}>
          <StatusBadge tone="neutral">{text.notAllowed}</StatusBadge>
        </span>
      )}
      {error !== undefined && <StatusBadge tone="warning">{failureOf(error).message}</StatusBadge>}
      {fetching && <StatusBadge tone="active">{text.checking}</StatusBadge>}
      {!fetching && isKnown && (
        <StatusBadge tone={chain.isIntact ? 'good' : 'bad'}>
          {chain.firstBreak === null
            ? text.intact(formatCount(chain.entries))
            : text.broken(chain.firstBreak.sequence, chain.firstBreak.problem)}
        </StatusBadge>
      )}
      {mayCheck.isAllowed && (
        <Button
          variant="default"
          size="compact-xs"
          disabled={fetching}
          onClick={() => check({ requestPolicy: 'network-only' })}
        >
          {text.again}
        </Button>
      )}
    </Group>
  );
}
