import type { ShadowArm } from './shadow.js';

/** What an arm is told, and tells those who write within it. */
export class ArmHandle implements ShadowArm {
  #controller: AbortController | undefined = undefined;

  constructor(
    readonly run: string,
    readonly arm: string,
    readonly mayWrite: boolean,
  ) {}

  /** Made when it is asked for: most arms never do. */
  get signal(): AbortSignal {
    return (this.#controller ??= new AbortController()).signal;
  }

  /** Also for those who ask for the signal only afterwards. */
  abort(): void {
    const controller = (this.#controller ??= new AbortController());
    controller.abort(new DOMException('The arm took too long, and was given up.', 'TimeoutError'));
  }
}
