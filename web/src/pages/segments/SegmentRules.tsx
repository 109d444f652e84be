import { Button } from '@mantine/core';
import { ClausesEditor } from '../../components/clauses/ClausesEditor.js';
import { Complaints } from '../../components/drafts/Complaints.js';
import { Part, PartList } from '../../components/drafts/Parts.js';
import { segments } from '../../text/segments.js';
import { Icon } from '../../ui/Icon.js';
import { NEW_CLAUSE } from '../../util/clause.js';
import classes from './SegmentPage.module.css';
import type { SegmentRule } from './segment-queries.js';

interface Props {
  readonly rules: readonly SegmentRule[];
  /** Keys of other segments. */
  readonly segments: readonly string[];
  readonly onEdit: (change: (rules: readonly SegmentRule[]) => readonly SegmentRule[]) => void;
}

const text = segments.page;

/** Rules of which any brings a context into the segment: their order says nothing. */
export function SegmentRules({ rules, segments: others, onEdit }: Props) {
  return (
    <Part title={text.rules} text={rules.length === 0 ? text.noRules : text.rulesText}>
      <PartList label={text.rules}>
        {rules.map((rule, index) => (
          <li key={`${index} of ${rules.length}`} className={classes['rule']} aria-label={text.rule(index + 1)}>
            <div className={classes['clauses']}>
              <ClausesEditor
                clauses={rule.clauses}
                segments={others}
                onChange={(clauses) => onEdit((before) => before.with(index, { ...rule, clauses }))}
              />
              <Complaints of={[rule]} />
            </div>
            <Button
              variant="subtle"
              size="compact-xs"
              aria-label={text.removeRule(index + 1)}
              onClick={() => onEdit((before) => before.toSpliced(index, 1))}
            >
              {text.remove}
            </Button>
          </li>
        ))}
      </PartList>
      <div>
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<Icon name="plus" size={12} />}
          onClick={() => onEdit((before) => [...before, { clauses: [NEW_CLAUSE] }])}
        >
          {text.addRule}
        </Button>
      </div>
    </Part>
  );
}
