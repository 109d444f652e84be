import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { MAX_PATTERNS } from './clause.js';
import { complaintAbout } from './safe-pattern.js';

/**
 * Judges the regular expressions of an edit before its transaction begins, one at a time for the whole server and with
 * a turn for everybody else between two: the search in one takes up to 150 ms, and nobody's kill switch waits for it.
 * Parsing then finds the verdicts ready.
 */
@Injectable()
export class PatternVetting {
  private turn: Promise<void> = Promise.resolve();

  async vet(body: unknown): Promise<void> {
    for (const pattern of patternsIn(body).slice(0, MAX_PATTERNS)) {
      this.turn = this.turn.then(async () => {
        complaintAbout(pattern);
        await setImmediate();
      });
      await this.turn;
    }
  }
}

/** The texts that clauses of a body's rules name as patterns, whatever else is wrong with it. */
function patternsIn(body: unknown): readonly string[] {
  return listIn(body, 'rules').flatMap((rule) =>
    listIn(rule, 'clauses')
      .filter((clause) => fieldOf(clause, 'operator') === 'matches')
      .flatMap((clause) => listIn(clause, 'values').filter((value) => typeof value === 'string')),
  );
}

function listIn(value: unknown, field: string): readonly unknown[] {
  const list = fieldOf(value, field);
  return Array.isArray(list) ? list : [];
}

function fieldOf(value: unknown, field: string): unknown {
  // Any object may be asked for a field.
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[field] : undefined;
}
