import { Injectable } from '@nestjs/common';
import type { PreparedSnapshot } from '../prepared-snapshot.provider.js';
import { exportEnvironment, ExportMemory, type FlagdDocument } from './export-environment.js';
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
  private readonly memory = new ExportMemory();
  private readonly texts = new WeakMap<object, string>();

  of(snapshot: PreparedSnapshot): PreparedExport {
    const known = this.prepared.get(snapshot);
    if (known !== undefined) return known;
    const { document, uncarried } = exportEnvironment(snapshot.compiled, this.memory);
    // Clients count what stands here as part of each flag: with the version, every flag would change with any.
    const { version: _revision, ...metadata } = document.metadata;
    const syncContext = {
      $sluice: {
        flagSetId: snapshot.flagSetId,
        revision: snapshot.revision,
        uncarried: [...new Set(uncarried.map(({ flag }) => flag))],
      },
    };
    const message = { flagConfiguration: this.textOf({ ...document, metadata }), syncContext };
    const made = { document, uncarried, message };
    this.prepared.set(snapshot, made);
    return made;
  }

  /** A document as JSON, put together from its flags and evaluators: most of them are those of the revision before. */
  private textOf({ flags, $evaluators, ...others }: FlagdDocument): string {
    const head = JSON.stringify(others).slice(0, -1);
    return `${head},"flags":${this.listed(flags)},"$evaluators":${this.listed($evaluators)}}`;
  }

  private listed(parts: Readonly<Record<string, unknown>>): string {
    const texts = Object.entries(parts).map(([key, part]) => `${JSON.stringify(key)}:${this.textOnce(part)}`);
    return `{${texts.join(',')}}`;
  }

  private textOnce(part: unknown): string {
    if (typeof part !== 'object' || part === null) return JSON.stringify(part);
    const text = this.texts.get(part) ?? JSON.stringify(part);
    this.texts.set(part, text);
    return text;
  }
}
