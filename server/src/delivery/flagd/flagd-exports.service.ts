import { Injectable } from '@nestjs/common';
import type { PreparedSnapshot } from '../prepared-snapshot.provider.js';
import { exportEnvironment, type FlagdDocument } from './export-environment.js';
import type { Uncarried } from './uncarried.js';

/** One revision of an environment for clients of flagd that evaluate by themselves. */
export interface PreparedExport {
  readonly document: FlagdDocument;
  readonly uncarried: readonly Uncarried[];
  readonly message: SyncMessage;
}

/** What a sync stream sends; of the shape of flagd.sync.v1's messages. */
export interface SyncMessage {
  readonly flagConfiguration: string;
  readonly syncContext: { $sluice: { flagSetId: string; revision: number; uncarried: string[] } };
}

/** Puts environments into flagd's words: each revision once, when first somebody asks for it. */
@Injectable()
export class FlagdExports {
  private readonly prepared = new WeakMap<PreparedSnapshot, PreparedExport>();

  of(snapshot: PreparedSnapshot): PreparedExport {
    const known = this.prepared.get(snapshot);
    if (known !== undefined) return known;
    const { document, uncarried } = exportEnvironment(snapshot.compiled);
    // Clients count what stands here as part of each flag: with the version, every flag would change with any.
    const { version: _revision, ...metadata } = document.metadata;
    const syncContext = {
      $sluice: {
        flagSetId: snapshot.flagSetId,
        revision: snapshot.revision,
        uncarried: [...new Set(uncarried.map(({ flag }) => flag))],
      },
    };
    const message = { flagConfiguration: JSON.stringify({ ...document, metadata }), syncContext };
    const made = { document, uncarried, message };
    this.prepared.set(snapshot, made);
    return made;
  }
}
