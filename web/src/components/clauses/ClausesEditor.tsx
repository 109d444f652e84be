import { Button } from '@mantine/core';
import { clauses as text } from '../../text/clauses.js';
import { Icon } from '../../ui/Icon.js';
import { type Clause, NEW_CLAUSE } from '../../util/clause.js';
import { ClauseEditor } from './ClauseEditor.js';
import classes from './ClausesEditor.module.css';

interface Props {
  readonly clauses: readonly Clause[];
  readonly onChange: (clauses: readonly Clause[]) => void;
  readonly segments: readonly string[];
}

/** Conditions that must all hold; without any, everybody is meant. */
export function ClausesEditor({ clauses, onChange, segments }: Props) {
  return (
    <>
      <ol className={classes['clauses']}>
        {clauses.map((clause, index) => (
          <ClauseEditor
            key={`${index} of ${clauses.length}`}
            clause={clause}
            place={index + 1}
            segments={segments}
            onChange={(next) => onChange(clauses.with(index, next))}
            onRemove={() => onChange(clauses.toSpliced(index, 1))}
          />
        ))}
      </ol>
      <div>
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<Icon name="plus" size={12} />}
          onClick={() => onChange([...clauses, NEW_CLAUSE])}
        >
          {text.add}
        </Button>
      </div>
    </>
  );
}
