import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DigestKeys } from './digest-keys.js';

const KEY_BYTES = 32;

/** Keys that nobody can guess. */
@Injectable()
export class RandomDigestKeys extends DigestKeys {
  override next(): string {
    return randomBytes(KEY_BYTES).toString('hex');
  }
}
