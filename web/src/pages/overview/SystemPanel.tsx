import { useQuery } from 'urql';
import { graphql, type ResultOf } from '../../api/graphql.js';
import { liveQuery } from '../../api/live-query.js';
import { useFresh } from '../../api/use-fresh.js';
import { AppLink } from '../../components/AppLink.js';
import { useViewerAbilities } from '../../components/use-viewer.js';
import { overview } from '../../text/overview.js';
import { Panel } from '../../ui/Panel.js';
import { StatusBadge, type Tone } from '../../ui/StatusBadge.js';
import { formatFigure } from '../../util/figures.js';
import { may } from '../../util/may.js';
import { pb } from '../../util/path-builder.js';
import { formatCount } from '../../util/share.js';
import classes from './OverviewPage.module.css';
import type { Reach } from './overview-query.js';

const text = overview.system;
const FRESH_MS = 15_000;
/** Timers that come later than this are felt by people. */
const LATE_MS = 100;

const systemQuery = liveQuery(
  graphql(`
    query SystemHealth {
      system {
        version
        database {
          isReachable
          answeredMs
        }
        eventLoop {
          p99Ms
        }
        outbox {
          waiting
        }
        redis {
          isReachable
          answeredMs
        }
        jobs {
          name
          waiting
          failed
        }
      }
    }
  `),
  [],
);

type System = NonNullable<ResultOf<(typeof systemQuery)['document']>['system']>;

/** Whether SDKs are up to date, and for those who run the instance how it is. */
export function SystemPanel({ reach }: { readonly reach: readonly Reach[] }) {
  const isShown = may('system.read', useViewerAbilities()).isAllowed;
  return (
    <Panel title={text.title} aside={isShown && <AppLink to={pb.system()}>{text.all}</AppLink>}>
      <ul className={classes['list']}>
        {reach.map(({ environment, instances, current, silent }) => (
          <li key={environment}>
            <StatusBadge tone={reachTone(instances, current)}>{text.sdks}</StatusBadge>
            <span>
              {text.current(current, instances, environment)}
              {silent > 0 && `, ${text.silent(silent)}`}
            </span>
          </li>
        ))}
        {isShown && <Instance />}
      </ul>
    </Panel>
  );
}

function Instance() {
  const [{ data }] = useQuery({ query: systemQuery.document, variables: {}, context: systemQuery.context });
  useFresh(systemQuery, {}, FRESH_MS);
  if (!data?.system) return null;
  return partsOf(data.system).map(({ name, tone, told }) => (
    <li key={name}>
      <StatusBadge tone={tone}>{name}</StatusBadge>
      <span>{told}</span>
    </li>
  ));
}

interface Part {
  readonly name: string;
  readonly tone: Tone;
  readonly told: string;
}

function partsOf({ database, redis, outbox, eventLoop, jobs, version }: System): readonly Part[] {
  const failed = (jobs ?? []).reduce((sum, job) => sum + job.failed, 0);
  const waiting = (jobs ?? []).reduce((sum, job) => sum + job.waiting, 0);
  return [
    { name: text.database, ...answering(database) },
    redis === null
      ? { name: text.redis, tone: 'neutral', told: text.alone }
      : { name: text.redis, ...answering(redis) },
    outbox === null
      ? { name: text.outbox, tone: 'warning', told: text.notKnown }
      : { name: text.outbox, tone: 'good', told: text.waiting(formatCount(outbox.waiting)) },
    jobs === null
      ? { name: text.jobs, tone: 'warning', told: text.notKnown }
      : {
          name: text.jobs,
          tone: failed > 0 ? 'warning' : 'good',
          told: `${text.waiting(formatCount(waiting))}, ${text.jobsFailed(formatCount(failed))}`,
        },
    {
      name: text.lag,
      tone: eventLoop.p99Ms >= LATE_MS ? 'warning' : 'good',
      told: text.lagOf(formatFigure(eventLoop.p99Ms)),
    },
    { name: text.version, tone: 'neutral', told: version },
  ];
}

function answering({ isReachable, answeredMs }: System['database']): Omit<Part, 'name'> {
  if (!isReachable) return { tone: 'bad', told: text.noAnswer };
  return { tone: 'good', told: answeredMs === null ? text.fine : text.answersIn(formatFigure(answeredMs)) };
}

function reachTone(instances: number, current: number): Tone {
  if (instances === 0) return 'neutral';
  return current === instances ? 'good' : 'warning';
}
