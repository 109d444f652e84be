import { Injectable } from '@nestjs/common';
import { notFound } from '../kernel/errors.js';
import type { Transaction } from '../kernel/transactions.js';
import type { Project } from '../projects/index.js';
import { PoliciesRepository } from './policies.repository.js';
import type { PolicyDocument } from './policy.js';
import { findPreset, PRESETS } from './presets.js';

/** A policy at one version. */
export interface PolicyAtVersion {
  readonly key: string;
  /** 0 for a preset. */
  readonly version: number;
  readonly document: PolicyDocument;
}

/** Answers other modules' questions about policies. */
@Injectable()
export class PoliciesReader {
  constructor(private readonly policies: PoliciesRepository) {}

  /** The newest version of a project's policy, or a preset of that key. Throws `notFound`. */
  async newest(tx: Transaction, project: Project, key: string): Promise<PolicyAtVersion> {
    const policy = await this.policies.find(tx, project.id, key);
    if (policy !== null) return { key, version: policy.version, document: policy.document };
    const preset = findPreset(key);
    if (preset !== undefined) return { key, version: 0, document: preset.document };
    const presets = PRESETS.map((each) => each.key).join(', ');
    const message = `Project "${project.key}" has no policy "${key}", and no preset has that key (${presets}).`;
    throw notFound('POLICY_NOT_FOUND', message);
  }
}
