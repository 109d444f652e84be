/** What `npm audit --json` prints (npm's report of version 2), as far as it is looked at, or why it could not ask. */
export interface AuditReport {
  readonly auditReportVersion?: number;
  readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string; readonly range: string }>>;
  readonly message?: string;
}

const GRAVE = new Set(['high', 'critical']);

/** What to say of an audit. Grave vulnerabilities fail a check; a registry that could not be asked is told, and no failure. */
export function summarizeAudit({ auditReportVersion, vulnerabilities = {}, message }: AuditReport): {
  readonly isSound: boolean;
  readonly text: string;
} {
  if (auditReportVersion === undefined) {
    return { isSound: true, text: `NOT ASKED, the registry has no advisories for us: ${message ?? 'no report'}` };
  }
  const all = Object.entries(vulnerabilities);
  const grave = all.filter(([, { severity }]) => GRAVE.has(severity));
  const lines = grave.map(([name, { severity, range }]) => `${name} ${range}: ${severity}; see npm audit`);
  const counts = `${String(all.length)} vulnerable packages, ${String(grave.length)} of them gravely`;
  return { isSound: grave.length === 0, text: [counts, ...lines].join('\n') };
}
