import { isShare } from '../kernel/share.js';
import type { ArmCounts, ServerState } from './traffic-router.js';

type Row = Readonly<Record<string, string>>;

/**
 * Servers of one backend, from the CSV of `show stat` (HAProxy management guide, 9.1); undefined when there is no such
 * backend. A server is up when its checks say so: one without checks is not known to be, and has no weight here. Backup
 * servers are no capacity: HAProxy uses them only when all others are gone.
 */
export function haproxyServers(csv: string, backend: string): readonly ServerState[] | undefined {
  const rows = rowsOf(csv).filter((row) => row['pxname'] === backend);
  if (!rows.some((row) => row['svname'] === 'BACKEND')) return undefined;
  return rows.filter((row) => row['type'] === '2' && row['bck'] !== '1').map(toServer);
}

/** Requests per backend from `show info;show stat`; undefined when a backend or the process's identity is missing. */
export function haproxyCounts(answer: string, stable: string, candidate: string): ArmCounts | undefined {
  const pid = /^Pid: (\d+)$/mu.exec(answer)?.[1];
  const start = /^Start_time_sec: (\d+)$/mu.exec(answer)?.[1];
  const rows = rowsOf(answer).filter((row) => row['svname'] === 'BACKEND');
  const requestsOf = (backend: string): number | undefined => {
    const total = rows.find((row) => row['pxname'] === backend)?.['req_tot'];
    return total === undefined || total === '' ? undefined : Number(total);
  };
  const counts = { stable: requestsOf(stable), candidate: requestsOf(candidate) };
  if (pid === undefined || counts.stable === undefined || counts.candidate === undefined) return undefined;
  return { stable: counts.stable, candidate: counts.candidate, began: `${pid}@${start ?? '?'}` };
}

/**
 * The share in an answer of `get map`: a share, `none` where the map has no such key or no share in it, undefined where
 * the answer is none of that command's.
 */
export function haproxyShare(answer: string): number | 'none' | undefined {
  const found = /\bfound=(yes|no)\b/u.exec(answer)?.[1];
  if (found === undefined) return undefined;
  const value = /\bvalue="(\d+)"/u.exec(answer)?.[1];
  return value !== undefined && isShare(Number(value)) ? Number(value) : 'none';
}

function toServer(row: Row): ServerState {
  const status = row['status'] ?? '';
  // "UP 1/2" is up and about to fall; "DRAIN" and "NOLB" take no new users.
  const isUp = /^UP(?: |$)/u.test(status);
  return {
    name: row['svname'] ?? '',
    weight: isUp ? Number(row['weight'] ?? 0) : 0,
    fullWeight: Number(row['uweight'] ?? row['weight'] ?? 0),
    says: status === 'no check' ? 'no health check is configured' : status,
  };
}

function rowsOf(answer: string): readonly Row[] {
  const [head, ...lines] = answer.slice(Math.max(0, answer.indexOf('# pxname'))).split('\n');
  const columns = (head ?? '').replace(/^# /u, '').split(',');
  return lines
    .filter((line) => line.includes(','))
    .map((line) => {
      const cells = cellsOf(line);
      return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']));
    });
}

/** The cells of one line of CSV (RFC 4180): what a check said may stand in quotes, with commas. */
function cellsOf(line: string): readonly string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/gu)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}
