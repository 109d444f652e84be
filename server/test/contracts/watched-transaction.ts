import type { Transaction } from '../../src/kernel/transactions.js';
import { clientOf } from '../../src/platform/prisma/prisma-transactions.js';

type Client = ReturnType<typeof clientOf>;

/** The same transaction, which calls out before each thing that is asked of the store in it. */
export function watched(tx: Transaction, onCall: () => void): Transaction {
  const client = watch(clientOf(tx), onCall);
  // What clientOf asks for stays what it is; its effects stay its own.
  return Object.create(tx, { client: { value: client } }) as Transaction;
}

/** A client whose models and raw queries call out before they do anything. */
function watch(client: Client, onCall: () => void): Client {
  const counted = (owner: object, method: unknown): unknown => {
    if (typeof method !== 'function') return method;
    return (...args: unknown[]) => {
      onCall();
      return (method as (...args: unknown[]) => unknown).apply(owner, args);
    };
  };
  return new Proxy(client, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'object' || member === null) return counted(target, member);
      return new Proxy(member, { get: (model, method) => counted(model, Reflect.get(model, method, model)) });
    },
  });
}
