import { describe, expect, it } from '@jest/globals';
import { mayAct, offeredActs } from './release-acts.js';

const yes = (action: string) => ({ action, isAllowed: true, reason: null });
const no = (action: string, reason: string) => ({ action, isAllowed: false, reason });

describe('what may be done to a release', () => {
  it('needs the permission of the verb and the state that lets it', () => {
    expect(mayAct('pause', [yes('release.stop')], [yes('pause')])).toEqual({ isAllowed: true });
    expect(mayAct('pause', [yes('release.stop')], [no('pause', 'Paused already.')])).toEqual({
      isAllowed: false,
      reason: 'Paused already.',
    });
  });

  it('says first that the viewer may not at all', () => {
    const viewer = [no('release.stop', 'Viewers look.'), yes('release.write')];
    expect(mayAct('rollBack', viewer, [no('rollBack', 'It has ended.')])).toEqual({
      isAllowed: false,
      reason: 'Viewers look.',
    });
    expect(mayAct('resume', viewer, [yes('resume')])).toEqual({ isAllowed: true });
  });

  it('offers to go on where it is paused, and to pause elsewhere', () => {
    expect(offeredActs([yes('resume'), no('pause', 'Paused already.')])).toContain('resume');
    expect(offeredActs([no('resume', 'Not paused.'), no('pause', 'It has ended.')])).toContain('pause');
  });
});
