import { describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import type { Json } from '../kernel/json.js';
import { parseReleaseDraft } from './parse-release.js';
import { cliCommandOf, curlCommandOf, type Rendered } from './render-release.js';

const PLAIN = {
  project: 'shop',
  environment: 'production',
  policy: 'quick',
  changes: [
    { kind: 'service', service: 'checkout', version: 'v2' },
    { kind: 'parallelRun', run: 'price-v2' },
    { kind: 'flag', flag: 'new-cart', ramp: { variation: 'on' }, retireAfterDays: 14 },
  ],
  arguments: { maximum: 0.02, name: 'a b', digits: '7' },
};

function rendered(body: Json): Rendered {
  const draft = parseReleaseDraft(body, { now: new Date('2026-01-01T00:00:00Z'), hash: () => 'a'.repeat(64) });
  return { body, draft, yaml: stringify(body) };
}

describe('A release as a command', () => {
  it('is said with options where they can say it', () => {
    expect(cliCommandOf(rendered({ ...PLAIN, name: "It's new" }))).toBe(
      [
        'sluice release create --project shop -e production',
        '--service checkout@v2',
        '--parallel-run price-v2',
        '--flag new-cart=on',
        '--retire-after-days 14',
        '--policy quick',
        '--set maximum=0.02',
        "--set 'name=a b'",
        `--set 'digits="7"'`,
        `--name 'It'\\''s new'`,
        '--no-start',
      ].join(' \\\n  '),
    );
  });

  const flag = PLAIN.changes[2] as object;
  it.each<[string, object]>([
    ['an edit', { changes: [{ ...flag, edit: { on: true } }] }],
    ['a rule', { changes: [{ kind: 'flag', flag: 'new-cart', ramp: { variation: 'on', rule: 'r' } }] }],
    [
      'a digest',
      { changes: [{ kind: 'service', service: 'checkout', version: 'v2', digest: `sha256:${'a'.repeat(64)}` }] },
    ],
    ['due dates of some flags', { changes: [flag, { kind: 'flag', flag: 'other', ramp: { variation: 'on' } }] }],
    ['a time', { scheduledAt: '2026-02-01T00:00:00Z' }],
  ])('is said with its document where it has %s', (_name, more) => {
    const body = { ...PLAIN, ...more };
    const [, yaml = ''] =
      /^sluice release create --project shop -f - <<'YAML'\n(.*)YAML$/su.exec(cliCommandOf(rendered(body))) ?? [];
    expect(parse(yaml)).toEqual(body);
  });

  it('is a request that a shell passes on as it is', () => {
    const body = { ...PLAIN, description: "Ann's cart" };
    const command = curlCommandOf(rendered(body));
    expect(command.split(' \\\n  ').slice(0, 3)).toEqual([
      'curl -fsS -X POST "$SLUICE_URL/api/v1/releases"',
      '-H "authorization: Bearer $SLUICE_TOKEN"',
      "-H 'content-type: application/json'",
    ]);
    const data = command.slice(command.indexOf("-d '") + 4, -1).replaceAll(`'\\''`, "'");
    expect(JSON.parse(data)).toEqual(body);
  });
});
