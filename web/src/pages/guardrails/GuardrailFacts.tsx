import { guardrails as text } from '../../text/guardrails.js';
import { KeyValue } from '../../ui/KeyValue.js';
import { Moment } from '../../ui/Moment.js';
import { readActions, readStatement } from '../../util/guardrail.js';
import { formatDuration } from '../../util/moment.js';
import { formatCount } from '../../util/share.js';
import type { ShownGuardrail } from './GuardrailPage.js';

const words = text.page;

/** What a guardrail states, how it is checked, and what follows when it breaks. */
export function GuardrailFacts({ guardrail }: { readonly guardrail: ShownGuardrail }) {
  const { statement, onBroken, lastCheck, counts, intervalSeconds, failureLimit, recoveryLimit } = guardrail;
  const { what, bounds } = readStatement(statement);
  const { alert, holds, kills } = readActions(onBroken);
  const { facts } = words;
  return (
    <KeyValue
      items={{
        [facts.condition]: text.is(what, bounds),
        [facts.last]:
          lastCheck === null ? (
            words.never
          ) : (
            <>
              {text.outcomes[lastCheck.outcome]}: {lastCheck.sentence} <Moment at={lastCheck.at} />
            </>
          ),
        [facts.row]: words.counts(
          ...([counts.good, counts.bad, counts.noData, counts.couldNotAsk].map(formatCount) as Four),
        ),
        [facts.since]: <Moment at={guardrail.changedAt} />,
        [facts.every]: formatDuration(intervalSeconds * 1_000),
        [facts.breaks]: words.bad(formatCount(failureLimit)),
        [facts.recovers]: words.good(formatCount(recoveryLimit)),
        [facts.alert]: alert ? words.yes : words.no,
        [facts.holds]: holds === undefined ? words.no : holds === 'all' ? words.holdsAll : holds.join(', '),
        [facts.kills]: kills ?? words.no,
      }}
    />
  );
}

/** As many texts as numbers. */
type Four = [string, string, string, string];
