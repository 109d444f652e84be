import { describe, expect, it } from '@jest/globals';
import { aDelivery, aGuardrail, anEnvironment, aPerson, aWebhook } from '../../test/a-resource.js';
import type { GuardrailState, StatementView } from '../guardrail-view.js';
import { findRole, type RolePlace } from '../person-view.js';
import type { WebhookTestView } from '../webhook-view.js';
import { COLOURED, PLAIN } from './palette.js';
import { environmentWords, renderEnvironment, renderEnvironments } from './render-environments.js';
import { renderGuardrail, renderGuardrails, statementWords } from './render-guardrails.js';
import { renderPeople, renderPerson } from './render-people.js';
import { renderDeliveries, renderWebhook, renderWebhooks, testSentence } from './render-webhooks.js';

describe('environments', () => {
  it('are a table, and fields of one', () => {
    const staging = anEnvironment({ key: 'staging', name: 'Staging', production: false });
    expect(renderEnvironments([anEnvironment(), staging])).toEqual([
      'KEY         NAME     KIND            REVISION  SINCE',
      'production  Live     production      7         2026-11-21T10:00:00.000Z',
      'staging     Staging  not production  7         2026-11-21T10:00:00.000Z',
    ]);
    expect(renderEnvironment(staging)).toContain('kind      not production');
  });

  it.each([
    [[], 'no environment'],
    [['live'], 'live'],
    [['development', 'production'], 'development and production'],
    [['a', 'b', 'c'], 'a, b, and c'],
  ])('are named in words: %j', (keys, words) =>
    expect(environmentWords(keys.map((key) => anEnvironment({ key })))).toBe(words),
  );
});

describe('people', () => {
  const roles = [
    { id: '1', role: 'editor', project: 'shop', environment: null },
    { id: '2', role: 'approver', project: 'shop', environment: 'production' },
    { id: '3', role: 'viewer', project: null, environment: null },
  ];

  it('are a table, with what they may do where', () =>
    expect(renderPeople([aPerson({ roles }), aPerson({ email: 'bob@shop.example', status: 'invited' })])).toEqual([
      'E-MAIL            NAME  STATUS   ROLES',
      'ann@shop.example  Ann   active   editor in shop, approver in shop/production, viewer everywhere',
      'bob@shop.example  Ann   invited  none yet',
    ]));

  it('are told with whom else the account may be of', () => {
    expect(renderPerson(aPerson({ caution: 'Ada invited Ann.' }))).toContain('caution  Ada invited Ann.');
    expect(renderPerson(aPerson({ caution: null })).join('\n')).not.toContain('caution');
  });

  it.each<[string, RolePlace, string | undefined]>([
    ['editor', { project: 'shop', environment: undefined }, '1'],
    ['approver', { project: 'shop', environment: 'production' }, '2'],
    ['approver', { project: 'shop' }, undefined],
    ['viewer', {}, '3'],
    ['editor', {}, undefined],
  ])('have the role of %s %j only where it was given', (role, place, id) =>
    expect(findRole(aPerson({ roles }), role, place)?.id).toBe(id),
  );
});

describe('webhooks', () => {
  it('are a table: what each is told of, and whether it is on', () =>
    expect(
      renderWebhooks([
        aWebhook(),
        aWebhook({ id: 'b', types: ['dev.sluice.release.*'], enabled: false, disabledReason: 'It answered 410.' }),
        aWebhook({ id: 'c', enabled: false }),
      ]),
    ).toEqual([
      'ID  URL                       TOLD OF               STATE',
      'a   https://example.com/hook  all events            on',
      'b   https://example.com/hook  dev.sluice.release.*  off: It answered 410.',
      'c   https://example.com/hook  all events            off',
    ]));

  it('tell how long the old secret signs, while it does', () => {
    const rotated = aWebhook({ previousSecretUntil: '2026-11-22T10:00:00.000Z' });
    expect(renderWebhook(rotated)).toContain('old secret   signs until 2026-11-22T10:00:00.000Z');
    expect(renderWebhook(aWebhook()).join('\n')).not.toContain('old secret');
  });

  it('have deliveries: done, to be tried again, and of events that are forgotten', () =>
    expect(
      renderDeliveries([
        aDelivery(),
        aDelivery({
          sequence: 11,
          status: 'waiting',
          lastStatus: null,
          lastError: 'It did not\nanswer.',
          deliveredAt: null,
          nextAttemptAt: '2026-11-21T10:05:00.000Z',
        }),
        aDelivery({ sequence: 10, event: null }),
      ]),
    ).toEqual([
      'SEQUENCE  EVENT                OF           STATUS     ATTEMPTS  ANSWERED  DONE OR NEXT              ERROR',
      '12        dev.sluice.deployed  checkout v2  delivered  1         204       2026-11-21T10:00:01.000Z',
      '11        dev.sluice.deployed  checkout v2  waiting    1                   2026-11-21T10:05:00.000Z  It did not answer.',
      '10        no longer kept                    delivered  1         204       2026-11-21T10:00:01.000Z',
    ]));

  it.each<[WebhookTestView, string]>([
    [{ delivered: true, status: 204, error: null }, 'The receiver took the test: it answered 204.'],
    [{ delivered: false, status: 500, error: null }, 'The receiver did not take the test: it answered 500.'],
    [{ delivered: false, status: null, error: 'no route' }, 'The receiver did not answer the test: no route'],
  ])('are tested: %j', (test, sentence) => expect(testSentence(test)).toBe(sentence));
});

describe('guardrails', () => {
  it.each<[StatementView, string]>([
    [
      { kind: 'measurement', subject: 'all', metric: 'unit', what: 'countPerMinute', windowSeconds: 300, atLeast: 30 },
      'unit, per minute, over 5 min, is at least 30',
    ],
    [
      {
        kind: 'measurement',
        subject: 'service/cart',
        metric: 'failures',
        what: 'badRate',
        windowSeconds: 60,
        atMost: 0.015,
      },
      'failures, of service/cart, bad of them, over 1 min, is at most 1.5 %',
    ],
    [
      {
        kind: 'query',
        query: { kind: 'json', url: 'https://shop.example/orders', path: '$.perMinute' },
        windowSeconds: 60,
        atLeast: 0.5,
        atMost: 1200,
      },
      'json, https://shop.example/orders, $.perMinute, over 1 min, is at least 0.5 and at most 1,200',
    ],
    [
      {
        kind: 'query',
        query: { kind: 'prometheus', address: 'http://prometheus', query: 'up' },
        windowSeconds: 60,
        atLeast: 1,
      },
      'prometheus, http://prometheus, up, over 1 min, is at least 1',
    ],
  ])('state: %j', (statement, words) => expect(statementWords(statement)).toBe(words));

  it('are a table: what waits for them, and what was found last', () =>
    expect(
      renderGuardrails([
        aGuardrail(),
        aGuardrail({ key: 'mail', state: 'unknown', isHolding: false, lastCheck: null }),
      ]).map((line) => line.replaceAll(/ {2,}/gu, ' | ')),
    ).toEqual([
      'KEY | ENVIRONMENT | STATE | RELEASES | STATES THAT | LATEST',
      'orders | production | broken | wait | unit, per minute, over 5 min, is at least 30 | 12 is less than 30.',
      'mail | production | not known yet | go on | unit, per minute, over 5 min, is at least 30 | Not checked yet.',
    ]));

  it('are shown with what is known, what they do when broken, and who has seen it', () => {
    const seen = { actorName: 'ann', comment: 'mail is down', release: true, at: '2026-11-21T10:02:00.000Z' };
    expect(
      renderGuardrail(aGuardrail({ state: 'acknowledged', isHolding: false, acknowledgement: seen }), PLAIN),
    ).toEqual([
      '● broken, acknowledged  orders in production  since 2026-11-21T10:00:00.000Z',
      '  3 bad checks in a row.',
      '  name         Orders',
      '  states that  unit, per minute, over 5 min, is at least 30',
      '  checked      every 1 min; broken after 3 bad in a row, recovered after 2 good',
      '  when broken  alert; hold flag/new-cart, service/cart; switch new-cart off',
      '  latest       12 is less than 30. (2026-11-21T10:01:00.000Z)',
      '  seen by      ann at 2026-11-21T10:02:00.000Z: mail is down (what it held goes on)',
    ]);
    expect(renderGuardrail(aGuardrail(), PLAIN)).toContain('  Releases that it covers wait.');
    const quiet = aGuardrail({ onBroken: { alert: false, hold: null, kill: null } });
    expect(renderGuardrail(quiet, PLAIN)).toContain('  when broken  nothing');
  });

  it.each<[GuardrailState, string]>([
    ['holding', '\u001b[32m● holds\u001b[39m'],
    ['recovered', '\u001b[32m● recovered\u001b[39m'],
    ['broken', '\u001b[31m● broken\u001b[39m'],
    ['unknown', '\u001b[33m● not known yet\u001b[39m'],
  ])('that are %s are painted so', (state, head) =>
    expect(renderGuardrail(aGuardrail({ state }), COLOURED)[0]?.startsWith(`${head}  `)).toBe(true),
  );
});
