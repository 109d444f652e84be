import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const examples = new URL('../../../examples/topology/', import.meta.url);

/** A query of PromQL and where people see it. */
export interface ShownQuery {
  readonly title: string;
  readonly expr: string;
}

interface Dashboard {
  readonly annotations: { readonly list: readonly { readonly name: string; readonly expr: string }[] };
  readonly panels: readonly { readonly title: string; readonly targets?: readonly { readonly expr: string }[] }[];
}

interface Alerts {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[];
}

/** What the dashboard asks, with an interval where Grafana would choose one. */
export function dashboardQueries(): readonly ShownQuery[] {
  // The file is ours.
  const { panels, annotations } = JSON.parse(
    readFileSync(new URL('grafana/sluice.json', examples), 'utf8'),
  ) as Dashboard;
  const shown = [
    ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr }))),
    ...annotations.list.map(({ name, expr }) => ({ title: name, expr })),
  ];
  return shown.map(({ title, expr }) => ({ title, expr: expr.replaceAll('$__rate_interval', '10s') }));
}

/** What the alerts ask. */
export function alertQueries(): readonly ShownQuery[] {
  // The file is ours.
  const { groups } = parse(readFileSync(new URL('alerts.yml', examples), 'utf8')) as Alerts;
  return groups.flatMap(({ rules }) => rules.map(({ alert, expr }) => ({ title: alert, expr })));
}

/** The names of all series that queries are about. */
export function seriesOf(queries: readonly ShownQuery[]): readonly string[] {
  const names = queries.flatMap(({ expr }) => expr.match(/\b(?:sluice|process|nodejs)_[a-z0-9_]+/gu) ?? []);
  return [...new Set(names)].sort();
}
