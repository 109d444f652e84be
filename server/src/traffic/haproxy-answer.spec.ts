import { describe, expect, it } from '@jest/globals';
import { haproxyCounts, haproxyServers, haproxyShare } from './haproxy-answer.js';

const columns = ['pxname', 'svname', 'status', 'weight', 'bck', 'type', 'last_chk', 'req_tot', 'uweight'] as const;
const row = (cells: Partial<Record<(typeof columns)[number], string | number>>): string =>
  `${columns.map((column) => cells[column] ?? '').join(',')},`;
const csv = (...rows: readonly string[]): string => [`# ${columns.join(',')},`, ...rows, ''].join('\n');
const server = (status: string, more: Parameters<typeof row>[0] = {}): string =>
  row({ pxname: 'app', svname: status, status, weight: 10, bck: 0, type: 2, uweight: 10, ...more });
const backend = row({ pxname: 'app', svname: 'BACKEND', status: 'UP', type: 1, req_tot: 7 });

describe('haproxyServers', () => {
  it.each([
    ['UP', 10],
    ['UP 1/3', 10],
    ['DOWN', 0],
    ['DOWN 1/2', 0],
    ['DRAIN', 0],
    ['NOLB', 0],
    ['MAINT', 0],
    ['no check', 0],
  ])('gives a server that is %s the weight %i', (status, weight) => {
    expect(haproxyServers(csv(server(status), backend), 'app')).toMatchObject([{ weight, fullWeight: 10 }]);
  });

  it('sees a slow start', () => {
    expect(haproxyServers(csv(server('UP', { weight: 3 }), backend), 'app')).toMatchObject([
      { weight: 3, fullWeight: 10 },
    ]);
  });

  it('leaves out backups, other backends and the backend itself', () => {
    const answer = csv(server('UP', { bck: 1 }), row({ pxname: 'other', svname: 's', status: 'UP', type: 2 }), backend);
    expect(haproxyServers(answer, 'app')).toEqual([]);
  });

  it('reads what a check said, with commas, quotes and all', () => {
    const answer = csv(server('UP', { last_chk: '"odd, ""very"" odd"' }), backend);
    expect(haproxyServers(answer, 'app')).toMatchObject([{ weight: 10, fullWeight: 10 }]);
  });

  it('knows no backend that is not there', () => {
    expect(haproxyServers(csv(backend), 'nothing')).toBeUndefined();
    expect(haproxyServers('Unknown command.', 'app')).toBeUndefined();
  });
});

describe('haproxyCounts', () => {
  const info = 'Name: HAProxy\nPid: 42\nUptime_sec: 5\nStart_time_sec: 1700000000\n\n';
  const other = row({ pxname: 'next', svname: 'BACKEND', type: 1, req_tot: 3 });

  it('reads requests of both backends, and who counted them', () => {
    expect(haproxyCounts(info + csv(backend, other), 'app', 'next')).toEqual({
      stable: 7,
      candidate: 3,
      began: '42@1700000000',
    });
  });

  it.each([
    ['a backend', info + csv(backend)],
    ['the process', csv(backend, other)],
    ['a count: a backend in TCP mode has none', info + csv(backend, row({ pxname: 'next', svname: 'BACKEND' }))],
  ])('answers nothing without %s', (_what, answer) => {
    expect(haproxyCounts(answer, 'app', 'next')).toBeUndefined();
  });
});

it.each([
  ['type=str, case=sensitive, found=yes, idx=tree, key="checkout", value="50000", type="sint"', 50_000],
  ['type=str, case=sensitive, found=no', 'none'],
  ['type=str, case=sensitive, found=yes, idx=tree, key="checkout", value="yes", type="str"', 'none'],
  ['type=str, case=sensitive, found=yes, idx=tree, key="checkout", value="100001", type="sint"', 'none'],
  ['Unknown map identifier. Please use #<id> or <file>.', undefined],
])('reads a share from %s', (answer, share) => expect(haproxyShare(answer)).toBe(share));
