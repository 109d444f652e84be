import { describe, expect, it } from '@jest/globals';
import { aWebhook } from '../../test/builders/a-webhook.js';
import { applyWebhookEdit, parseWebhookDraft, rotateSecret, secretsAt, wants } from './webhook.js';

const now = new Date('2026-01-01T12:00:00.000Z');

describe('parseWebhookDraft', () => {
  it('needs a URL only', () => {
    expect(parseWebhookDraft({ url: 'https://example.com/hooks' })).toEqual({
      url: 'https://example.com/hooks',
      description: '',
      types: [],
      enabled: true,
    });
  });

  it('says all that is wrong at once', () => {
    const body = { url: 'ftp://example.com', types: ['dev.sluice.*', 'dev.sluice.nothing'], secret: 'whsec_mine' };
    expect(() => parseWebhookDraft(body)).toThrow(
      expect.objectContaining({
        problems: expect.arrayContaining([
          expect.objectContaining({ pointer: '/url' }),
          expect.objectContaining({ pointer: '/types/1' }),
          expect.objectContaining({ pointer: '/secret' }),
        ]),
      }),
    );
  });
});

describe('wants', () => {
  it.each<[string, readonly string[], string, boolean]>([
    ['all when it names none', [], 'dev.sluice.flag.killed', true],
    ['what it names', ['dev.sluice.flag.killed'], 'dev.sluice.flag.killed', true],
    ['what begins as it says', ['dev.cdevents.*', 'dev.sluice.release.*'], 'dev.sluice.release.paused', true],
    ['nothing else', ['dev.cdevents.*'], 'dev.sluice.release.paused', false],
  ])('%s', (_name, types, type, expected) => expect(wants({ types }, type)).toBe(expected));
});

describe('applyWebhookEdit', () => {
  it('replaces what is given and keeps the rest', () => {
    const webhook = aWebhook({ enabled: false, disabledReason: 'gone' });
    expect(applyWebhookEdit(webhook, { description: 'chat' })).toEqual({ ...webhook, description: 'chat' });
  });

  it('forgets why it was off when somebody switches it', () => {
    const webhook = aWebhook({ enabled: false, disabledReason: 'gone' });
    expect(applyWebhookEdit(webhook, { enabled: true })).toEqual(aWebhook());
  });
});

describe('a rotated secret', () => {
  const rotated = rotateSecret(aWebhook({ secret: 'whsec_old' }), 'whsec_new', now);

  it('signs beside the old one for a day, then alone', () => {
    expect(secretsAt(rotated, now)).toEqual(['whsec_new', 'whsec_old']);
    expect(secretsAt(rotated, new Date('2026-01-02T11:59:59.999Z'))).toEqual(['whsec_new', 'whsec_old']);
    expect(secretsAt(rotated, new Date('2026-01-02T12:00:00.000Z'))).toEqual(['whsec_new']);
  });

  it('replaces one that was being replaced', () => {
    expect(secretsAt(rotateSecret(rotated, 'whsec_newer', now), now)).toEqual(['whsec_newer', 'whsec_new']);
  });

  it('is one alone before any rotation', () => expect(secretsAt(aWebhook(), now)).toHaveLength(1));
});
