import vm from 'node:vm';
import { ModernFakeTimers } from '@jest/fake-timers';
import { ModuleMocker } from 'jest-mock';

/** What Jest leaves among the globals for the length of a suite. */
const OF_A_SUITE = ['EVENT_HANDLERS', 'RETRY_TIMES', 'TEST_TIMEOUT_SYMBOL'].map((name) => Symbol.for(name));

/**
 * Suites run among the globals of their process (`jest.runtime.js`), one after the other. Each leaves them, and the
 * variables of the process, as it found them.
 */
export default class ProcessEnvironment {
  global = globalThis;
  /** Nobody uses those of old. */
  fakeTimers = null;
  moduleMocker = new ModuleMocker(globalThis);
  #context = vm.createContext();
  #globals = Object.getOwnPropertyDescriptors(globalThis);
  #exit = process.exit;
  #variables = { ...process.env };

  constructor({ projectConfig }) {
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
  }

  /** Jest wants one, and nothing runs in it. */
  getVmContext() {
    return this.#context;
  }

  exportConditions() {
    return [];
  }

  async setup() {
    // All is there when it is made.
  }

  async teardown() {
    this.moduleMocker.restoreAllMocks();
    this.fakeTimersModern.dispose();
    process.exit = this.#exit;
    for (const name of Object.keys(process.env)) if (!(name in this.#variables)) delete process.env[name];
    Object.assign(process.env, this.#variables);
    for (const name of OF_A_SUITE) delete globalThis[name];
    for (const [name, found] of Object.entries(this.#globals)) {
      if ('value' in found && globalThis[name] !== found.value) Object.defineProperty(globalThis, name, found);
    }
  }
}
