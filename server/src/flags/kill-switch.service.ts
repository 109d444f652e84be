import { Injectable } from '@nestjs/common';
import { SluiceError } from '../kernel/errors.js';
import type { RequestContext } from '../kernel/request-context.js';
import type { Transaction } from '../kernel/transactions.js';
import type { TakeOver } from './flag-holds.service.js';
import { contentOf } from './parse-settings.js';
import { SettingsEditor, type SettingsEdit } from './settings-editor.service.js';

/** What pulling a kill switch did: `off` found the flag switched off, `gone` found no flag. */
export type KillOutcome = 'killed' | 'off' | 'gone';

/** How modules that watch over an environment switch a flag off in it. */
@Injectable()
export class KillSwitch {
  constructor(private readonly editor: SettingsEditor) {}

  /**
   * Switches a flag off as a person would: on record, in the environment's next revision, and a ramp of it ends. Runs
   * inside the caller's transaction, and locks the environment in it.
   */
  async pull(
    tx: Transaction,
    ctx: RequestContext,
    edit: SettingsEdit & { readonly takeOver: TakeOver },
  ): Promise<KillOutcome> {
    try {
      const { isChanged } = await this.editor.edit(tx, ctx, edit, (_tx, _place, before) =>
        Promise.resolve({ ...contentOf(before), on: false }),
      );
      return isChanged ? 'killed' : 'off';
    } catch (error) {
      if (error instanceof SluiceError && error.code === 'FLAG_NOT_FOUND') return 'gone';
      throw error;
    }
  }
}
