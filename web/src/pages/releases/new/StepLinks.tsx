import { AppLink } from '../../../components/AppLink.js';
import { newRelease as text } from '../../../text/new-release.js';
import { StatusBadge } from '../../../ui/StatusBadge.js';
import { RELEASE_STEPS, type ReleaseStep } from '../../../util/release-problems.js';
import classes from './NewReleasePage.module.css';

interface Props {
  readonly current: ReleaseStep;
  readonly counts: Readonly<Record<ReleaseStep, number>>;
  readonly pathOf: (step: ReleaseStep) => string;
}

/** The steps of the wizard, all of them open at any time, with what is wrong at each. */
export function StepLinks({ current, counts, pathOf }: Props) {
  return (
    <nav aria-label={text.stepsLabel}>
      <ol className={classes['steps']}>
        {RELEASE_STEPS.map((step, index) => (
          <li key={step}>
            <AppLink to={pathOf(step)} {...(step === current && { 'aria-current': 'step' as const })}>
              <span className={classes['number']} aria-hidden>
                {index + 1}
              </span>
              {text.steps[step]}
              {counts[step] > 0 && <StatusBadge tone="bad">{text.problems(counts[step])}</StatusBadge>}
            </AppLink>
          </li>
        ))}
      </ol>
    </nav>
  );
}
