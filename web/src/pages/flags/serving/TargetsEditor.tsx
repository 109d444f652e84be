import { Complaints } from '../../../components/drafts/Complaints.js';
import { Part } from '../../../components/drafts/Parts.js';
import { serving } from '../../../text/serving.js';
import { ChipsInput } from '../../../ui/ChipsInput.js';
import { splitValues } from '../../../util/clause.js';
import classes from './Serving.module.css';
import { type Target, withTargets } from './serving-content.js';

interface Props {
  readonly targets: readonly Target[];
  readonly variations: readonly string[];
  readonly onEdit: (change: (targets: readonly Target[]) => readonly Target[]) => void;
}

const text = serving.targets;

/** Keys that are served one variation, variation by variation; a key that is given to one is taken from the others. */
export function TargetsEditor({ targets, variations, onEdit }: Props) {
  return (
    <Part title={text.title} text={text.text}>
      <dl className={classes['targets']}>
        {variations.map((variation) => (
          <div key={variation} style={{ display: 'contents' }}>
            <dt>{variation}</dt>
            <dd>
              <ChipsInput
                label={text.of(variation)}
                values={targets.filter((each) => each.variation === variation).flatMap(({ values }) => values)}
                onChange={(values) => onEdit((before) => withTargets(before, variation, values))}
                read={(given) => ({ values: splitValues(given) })}
                placeholder={text.hint}
              />
            </dd>
          </div>
        ))}
      </dl>
      <Complaints of={targets} />
    </Part>
  );
}
