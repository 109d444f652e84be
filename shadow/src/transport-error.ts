/** Why a service gave no answer that HTTP knows. */
export type TransportFailure = 'unresolved' | 'refused' | 'reset' | 'timedOut' | 'untrusted' | 'malformed' | 'failed';

const SENTENCES: Readonly<Record<TransportFailure, string>> = {
  unresolved: 'its name could not be resolved',
  refused: 'it refused the connection',
  reset: 'the connection was closed before the answer was complete',
  timedOut: 'the connection timed out',
  untrusted: 'its certificate is not trusted',
  malformed: 'what it answered is not HTTP',
  failed: 'the connection failed',
};

const BY_CODE: Readonly<Record<string, TransportFailure>> = {
  ENOTFOUND: 'unresolved',
  EAI_AGAIN: 'unresolved',
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'timedOut',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'untrusted',
  CERT_HAS_EXPIRED: 'untrusted',
  ERR_TLS_CERT_ALTNAME_INVALID: 'untrusted',
};

/** A service gave no answer. Its message names neither addresses nor data: two of a kind are equal. */
export class TransportError extends Error {
  override readonly name = 'TransportError';

  constructor(readonly failure: TransportFailure) {
    super(`The service gave no answer: ${SENTENCES[failure]}.`);
  }

  /** What Node says of a failed exchange, by its code. */
  static from(error: NodeJS.ErrnoException): TransportError {
    const code = error.code ?? '';
    return new TransportError(BY_CODE[code] ?? (code.startsWith('HPE_') ? 'malformed' : 'failed'));
  }

  /** For the end of a sentence. */
  get reason(): string {
    return SENTENCES[this.failure];
  }
}
