import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NginxRoute } from '../platform/config/traffic.js';
import { capacityOf, refusalOf } from './admit-shift.js';
import { ArmLog } from './arm-log.adapter.js';
import { readText, replaceText, restoreText } from './atomic-file.adapter.js';
import { getOnce } from './http-get.adapter.js';
import { NginxProcess } from './nginx-process.adapter.js';
import { NGINX_STEP, nginxShare, parseState, renderSplit, type SplitState } from './nginx-split.js';
import {
  type ArmCounts,
  type Capacity,
  type Refused,
  type ServerState,
  type ShiftOptions,
  type ShiftOutcome,
  TrafficRouter,
} from './traffic-router.js';
import { toUnreachable, unreachable } from './unreachable.js';

const POLL_MS = 25;
/** New workers answer 100 ms before nginx tells the old ones to stop accepting: one new answer is not the end of it. */
const ANSWERS_IN_A_ROW = 10;

/** The text of a route's file, and what nginx says once it has loaded it. */
interface Split extends SplitState {
  readonly text: string;
}

/**
 * Moves traffic through a `split_clients` file that nginx includes: shares in steps of 0.01 %, by a reload. A user's
 * hash never changes, so a growing share drops nobody; these are not the SDK's buckets (nginx hashes with murmur2), so
 * do not split one service by both. For a service `checkout` with key `$sluice_key`:
 *
 *     map $http_x_sluice_key $sluice_key { "" $request_id; default $http_x_sluice_key; }
 *     include /etc/nginx/sluice/checkout.conf;
 *     server {
 *       location / {
 *         proxy_pass http://$sluice_checkout;
 *         access_log /var/log/nginx/checkout.arms sluice_checkout if=$upstream_addr;
 *       }
 *       location = /sluice/checkout { allow 127.0.0.1; deny all; return 200 $sluice_checkout_state; }
 *     }
 *
 * nginx counts nothing per upstream, so requests are counted from that log of 11 bytes each; rotate it as any other.
 * Nor does it know which servers are up: Sluice asks their health URLs itself.
 */
export class NginxRouter extends TrafficRouter {
  private readonly nginx: NginxProcess;
  private readonly log: ArmLog;

  constructor(private readonly route: NginxRoute) {
    super();
    this.nginx = new NginxProcess(route);
    this.log = new ArmLog(route.log);
  }

  /** Writes the file with all traffic at stable if there is none: nginx does not start without it. Reloads nothing. */
  async writeFirst(): Promise<void> {
    if ((await readText(this.route.include)) === undefined) {
      await replaceText(this.route.include, splitFor(this.route, 0).text);
    }
  }

  override async capacity(): Promise<Capacity> {
    const { stable, candidate, timeoutMs } = this.route;
    const probeAll = (urls: readonly string[]): Promise<readonly ServerState[]> =>
      Promise.all(urls.map((url) => probe(url, timeoutMs)));
    const [ofStable, ofCandidate] = await Promise.all([probeAll(stable.health), probeAll(candidate.health)]);
    return capacityOf(ofStable, ofCandidate);
  }

  override async shift(share: number, { isEmergency = false }: ShiftOptions = {}): Promise<ShiftOutcome> {
    try {
      const now = await this.state();
      const wanted = splitFor(this.route, nginxShare(share));
      if (share > 0 && wanted.share === 0) return tooSmall(share);
      if (now?.generation === wanted.generation) return await this.unchanged(wanted);
      const capacity = await this.capacity();
      const refusal = refusalOf({
        now: now?.share,
        share: wanted.share,
        capacity,
        rule: this.route.capacity,
        isEmergency,
      });
      return refusal ?? (await this.load(wanted, now?.share));
    } catch (error) {
      return toUnreachable(error);
    }
  }

  override async asked(): Promise<number | undefined> {
    return (await this.state())?.share;
  }

  /** Counts what the generation that runs has logged: requests that began before the last shift are not among them. */
  override async counts(): Promise<ArmCounts> {
    const generation = (await this.state())?.generation ?? '';
    const { stable, candidate, file } = await this.log.count(generation).catch((error: unknown) => {
      throw unreachable(`The arm log of nginx cannot be read: ${(error as Error).message}`); // node:fs throws Errors
    });
    return { stable, candidate, began: `${generation}@${file}` };
  }

  private async state(): Promise<SplitState | undefined> {
    const { status: url, timeoutMs } = this.route;
    const { status, body } = await getOnce(url, timeoutMs).catch((error: unknown) => {
      throw unreachable(`nginx does not answer at ${url}: ${(error as Error).message}`); // node:http rejects with Errors
    });
    if (status !== 200) throw unreachable(`nginx answers ${status} at ${url}, where it should return its state.`);
    return parseState(body);
  }

  /** A file that differs from what runs would take effect with somebody else's reload. */
  private async unchanged({ text, share }: Split): Promise<ShiftOutcome> {
    try {
      if ((await readText(this.route.include)) !== text) await replaceText(this.route.include, text);
      return { kind: 'unchanged', share };
    } catch (error) {
      const sentence = `nginx has the share, but would forget it in a restart: ${(error as Error).message}`; // node:fs
      return { kind: 'unconfirmed', share, sentence };
    }
  }

  /** Writes, tests, reloads and waits. Until the reload was asked for, whatever goes wrong puts the old file back. */
  private async load(split: Split, from: number | undefined): Promise<ShiftOutcome> {
    const { include, timeoutMs } = this.route;
    let before: string | undefined;
    try {
      before = await readText(include);
      await replaceText(include, split.text);
    } catch (error) {
      return rejected(`The file for nginx cannot be written: ${(error as Error).message}`); // node:fs throws Errors
    }
    const tested = await this.nginx.test();
    if (!tested.isOk) {
      await restoreText(include, before);
      return rejected(`nginx refuses the configuration, and keeps the one it has: ${tested.says}`);
    }
    const reloaded = await this.nginx.reload();
    if (!reloaded.isOk) {
      await restoreText(include, before);
      return { kind: 'unreachable', sentence: `nginx cannot be told to reload: ${reloaded.says}` };
    }
    if (await this.hasLoaded(split.generation)) return { kind: 'shifted', from, share: split.share };
    const sentence = `nginx was told to reload and still answers its old share after ${timeoutMs} ms; see its error log.`;
    return { kind: 'unconfirmed', share: split.share, sentence };
  }

  private async hasLoaded(generation: string): Promise<boolean> {
    const deadline = performance.now() + this.route.timeoutMs;
    let inARow = 0;
    while (inARow < ANSWERS_IN_A_ROW) {
      const state = await this.state().catch(() => undefined);
      inARow = state?.generation === generation ? inARow + 1 : 0;
      if (performance.now() > deadline) return false;
      await sleep(POLL_MS);
    }
    return true;
  }
}

function splitFor({ name, key, stable, candidate }: NginxRoute, share: number): Split {
  const names = { name, key, stable: stable.upstream, candidate: candidate.upstream };
  const draft = renderSplit(names, { share, generation: '' });
  const generation = createHash('sha256').update(draft).digest('hex').slice(0, 8);
  return { share, generation, text: renderSplit(names, { share, generation }) };
}

async function probe(url: string, timeoutMs: number): Promise<ServerState> {
  const says = await getOnce(url, timeoutMs).then(
    ({ status }) => String(status),
    (error: unknown) => (error as Error).message, // node:http rejects with Errors
  );
  return { name: new URL(url).host, weight: /^2\d\d$/u.test(says) ? 1 : 0, fullWeight: 1, says };
}

function rejected(sentence: string): Refused {
  return { kind: 'refused', code: 'CONFIG_REJECTED', sentence };
}

function tooSmall(share: number): Refused {
  const sentence = `nginx cannot express ${share / 1_000} %: its smallest share is ${NGINX_STEP / 1_000} %. Nothing was moved.`;
  return { kind: 'refused', code: 'SHARE_TOO_SMALL', sentence };
}
