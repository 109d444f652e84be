import 'reflect-metadata';
import type { OnModuleInit } from '@nestjs/common';

/** A class that the server's own wiring could make: what its constructor takes are classes. */
type Injectable<T> = abstract new (...args: never[]) => T;

/**
 * Makes services as the server's wiring does, each once, but with ports of a test's own. Making them anew is what a
 * restart does; nothing that only the old ones knew survives it.
 */
export class Injector {
  private readonly made = new Map<Injectable<unknown>, unknown>();

  constructor(ports: readonly (readonly [Injectable<unknown>, unknown])[]) {
    for (const [port, instance] of ports) this.made.set(port, instance);
  }

  get<T>(wanted: Injectable<T>): T {
    // Only what the class itself made, or a port's stand-in, is kept under it.
    if (this.made.has(wanted)) return this.made.get(wanted) as T;
    const needs = (Reflect.getMetadata('design:paramtypes', wanted) ?? []) as readonly Injectable<unknown>[];
    if (needs.length !== wanted.length) throw new Error(`${wanted.name} does not say what it needs.`);
    const parts = needs.map((need) => this.get(need)) as never[];
    // A service is no abstract class; a port without a stand-in fails here by its name.
    const instance = new (wanted as unknown as new (...args: never[]) => T)(...parts);
    this.made.set(wanted, instance);
    if (isInitialised(instance)) instance.onModuleInit();
    return instance;
  }
}

function isInitialised(instance: unknown): instance is OnModuleInit {
  return typeof (instance as Partial<OnModuleInit>).onModuleInit === 'function';
}
