import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type AuditEntry, appendEntry, type AuditHead, ChainVerifier, hashEntry } from './audit-entry.js';

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');
const EMPTY: AuditHead = { sequence: 0, hash: '' };

function aChain(length: number): AuditEntry[] {
  const chain: AuditEntry[] = [];
  for (let n = 1; n <= length; n += 1) {
    const draft = {
      at: new Date(1_000 * n),
      actor: { kind: 'token', id: 't', name: 'someone' },
      action: 'flag.created',
      projectId: null,
      subject: `flag/${n}`,
      requestId: `r-${n}`,
      before: null,
      after: { n },
    };
    chain.push(appendEntry(chain.at(-1) ?? EMPTY, draft, sha256));
  }
  return chain;
}

function verify(chain: readonly AuditEntry[], head: AuditHead = chain.at(-1) ?? EMPTY) {
  const verifier = new ChainVerifier(sha256);
  for (const entry of chain) verifier.follow(entry);
  return verifier.finish(head);
}

it('numbers entries from 1 and links each to the one before', () => {
  const [first, second] = aChain(2);
  expect(first).toMatchObject({ sequence: 1, previousHash: '' });
  expect(second).toMatchObject({ sequence: 2, previousHash: first?.hash });
});

it('hashes what an entry says, in whatever order its fields come', () => {
  const [entry] = aChain(1);
  if (entry === undefined) throw new Error('A chain of one has one.');
  const { hash, ...rest } = entry;
  const turned = Object.fromEntries(Object.entries(rest).reverse()) as Omit<AuditEntry, 'hash'>;
  expect(hashEntry(turned, sha256)).toBe(hash);
});

/** Guards what is stored: chains of earlier versions must verify for ever. */
it('hashes as it always has', () => {
  expect(aChain(1)[0]?.hash).toBe('opEYFqRlw4QpCt-C1bUtCI8XyuwtLgXhA5u6UtI4B30');
});

describe('ChainVerifier', () => {
  it('finds nothing wrong with a whole chain', () => {
    expect(verify([])).toBeUndefined();
    expect(verify(aChain(5))).toBeUndefined();
  });

  it('finds any one change of any field of any entry', () => {
    const chain = aChain(6);
    const changes: Partial<AuditEntry>[] = [
      { at: new Date(5) },
      { actor: { kind: 'token', id: 't', name: 'someone else' } },
      { action: 'flag.deleted' },
      { projectId: 'p' },
      { subject: 'flag/other' },
      { requestId: 'other' },
      { before: {} },
      { after: { n: -1 } },
      { previousHash: 'other' },
      { hash: 'other' },
    ];
    fc.assert(
      fc.property(fc.nat({ max: 5 }), fc.constantFrom(...changes), (at, change) => {
        const tampered = chain.map((entry, i) => (i === at ? { ...entry, ...change } : entry));
        expect(verify(tampered, chain.at(-1))).toEqual({ sequence: at + 1, problem: 'altered' });
      }),
      { seed: 1 },
    );
  });

  it('finds the first of several gaps', () => {
    const chain = aChain(6).filter(({ sequence }) => sequence !== 3 && sequence !== 5);
    expect(verify(chain)).toEqual({ sequence: 3, problem: 'missing' });
  });

  it('finds that the first entry is missing', () => {
    expect(verify(aChain(3).slice(1))).toEqual({ sequence: 1, problem: 'missing' });
  });

  it('finds an entry that was rewritten, hash and all, by its successor', () => {
    const chain = aChain(4);
    const [first, second] = chain;
    if (first === undefined || second === undefined) throw new Error('A chain of four has two.');
    const { sequence: _sequence, previousHash: _previous, hash: _hash, ...draft } = second;
    const forged = appendEntry(first, { ...draft, action: 'flag.untouched' }, sha256);
    expect(verify(chain.with(1, forged))).toEqual({ sequence: 3, problem: 'reordered' });
  });

  it.each([1, 2, 4])('finds that %d of the newest entries are gone', (gone) => {
    const chain = aChain(4);
    const rest = chain.slice(0, 4 - gone);
    expect(verify(rest, chain.at(-1))).toEqual({ sequence: 5 - gone, problem: 'truncated' });
  });

  it('finds a head that is not the last entry', () => {
    expect(verify(aChain(2), { sequence: 2, hash: 'other' })).toMatchObject({ problem: 'truncated' });
  });
});
