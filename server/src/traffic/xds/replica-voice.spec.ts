import { beforeEach, describe, expect, it } from '@jest/globals';
import { ReplicaVoice } from './replica-voice.js';
import type { RouteAudience } from './route-audience.js';

const at = (ms: number): Date => new Date(1_000_000 + ms);
const audience = (clients: number, behind = 0): RouteAudience => ({ version: 7, clients, behind, complaints: [] });

let voice: ReplicaVoice;
beforeEach(() => {
  voice = new ReplicaVoice();
});
/** Says it as the replica does that reaches the store; whether there was anything to say. */
const say = (now: number, told: RouteAudience): boolean => {
  const isNews = voice.mustSay('r', told, at(now));
  if (isNews) voice.noteSaid('r', told, at(now));
  return isNews;
};

describe('a replica', () => {
  it('says what changes at once, the same again every three seconds, and of nobody nothing twice', () => {
    expect(say(0, audience(0))).toBe(false);
    expect(voice.isHeard).toBe(false);
    expect(say(10, audience(2))).toBe(true);
    expect(say(20, audience(2))).toBe(false);
    expect(say(30, audience(2, 1))).toBe(true);
    expect(say(3_029, audience(2, 1))).toBe(false);
    expect(say(3_030, audience(2, 1))).toBe(true);
    expect(say(3_040, audience(0))).toBe(true);
    expect(say(60_000, audience(0))).toBe(false);
    expect(voice.isHeard).toBe(true);
  });

  it('is mute before the others forget what it said last, until it can say again', () => {
    say(0, audience(2));
    expect(voice.mustSay('r', audience(2), at(4_000))).toBe(true);
    expect(voice.isMute(at(7_999))).toBe(false);
    expect(voice.isMute(at(8_000))).toBe(true);
    // Its clients have gone, which it has to say as well.
    expect(voice.mustSay('r', audience(0), at(9_000))).toBe(true);
    expect(voice.isMute(at(60_000))).toBe(true);
    voice.noteSaid('r', audience(0), at(60_000));
    expect(voice.isMute(at(120_000))).toBe(false);
  });

  it('is not mute because it had nobody for long', () => {
    say(0, audience(2));
    say(10, audience(0));
    expect(voice.mustSay('r', audience(1), at(60_000))).toBe(true);
    expect(voice.isMute(at(60_010))).toBe(false);
    expect(voice.isMute(at(68_000))).toBe(true);
  });

  it('is mute that has never been heard, eight seconds after its first word', () => {
    expect(voice.mustSay('r', audience(1), at(0))).toBe(true);
    expect(voice.isMute(at(7_999))).toBe(false);
    expect(voice.isMute(at(8_000))).toBe(true);
    expect(voice.isHeard).toBe(false);
  });
});
