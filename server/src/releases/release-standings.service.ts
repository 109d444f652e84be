import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import type { AttentionKind } from './rank-attention.js';
import { type ReleaseAbility, releaseAbilities } from './release-abilities.js';
import { releaseAttention } from './release-attention.js';
import type { ReleaseView } from './release-view.js';
import { stateSentence } from './state-sentence.js';

/** Tells how releases stand now, from what is known of them: no question to the store. */
@Injectable()
export class ReleaseStandings {
  constructor(private readonly clock: Clock) {}

  /** In one sentence, for people. */
  sentence(release: ReleaseView): string {
    return stateSentence(release, this.clock.now());
  }

  /** Why it asks for somebody; null where it goes its ordinary course. */
  attention(release: ReleaseView): AttentionKind | null {
    return releaseAttention(release, this.clock.now())?.kind ?? null;
  }

  /** What can be done to it, and what stands in the way of the rest. */
  abilities(release: ReleaseView): readonly ReleaseAbility[] {
    const { rollout, approvals } = release;
    const ramp = rollout?.status === 'running' ? { policy: release.policy, ramp: rollout } : null;
    return releaseAbilities({ release, approvals: approvals.length, rollout: ramp, now: this.clock.now() });
  }
}
