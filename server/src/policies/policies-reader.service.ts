import { Injectable } from '@nestjs/common';
import { notFound } from '../kernel/errors.js';
import type { Json } from '../kernel/json.js';
import type { Transaction } from '../kernel/transactions.js';
import type { Project } from '../projects/index.js';
import { PoliciesRepository } from './policies.repository.js';
import { completePolicy } from './parse-policy.js';
import type { PolicyDocument } from './policy.js';
import { findPreset, PRESETS } from './presets.js';

/** What a release fills a policy's parameters with. */
type Arguments = Readonly<Record<string, Json>>;

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

  /**
   * The newest version of a project's policy, or a preset of that key, with arguments filled in. Throws `notFound`, and
   * `invalid` for arguments that it cannot take.
   */
  async newest(tx: Transaction, project: Project, key: string, given: Arguments): Promise<PolicyAtVersion> {
    const policy = await this.policies.find(tx, project.id, key);
    if (policy !== null) return { key, version: policy.version, document: completePolicy(policy, given) };
    const preset = findPreset(key);
    if (preset !== undefined) {
      // A preset is JSON by construction.
      const template = { document: preset.document as unknown as Json, parameters: [] };
      return { key, version: 0, document: completePolicy(template, given) };
    }
    const presets = PRESETS.map((each) => each.key).join(', ');
    const message = `Project "${project.key}" has no policy "${key}", and no preset has that key (${presets}).`;
    throw notFound('POLICY_NOT_FOUND', message);
  }
}
