import { CommandError } from './command-error.js';
import { EXIT, type ExitCode } from './exit-code.js';
import type { CertificateView, Finding } from './parallel-run-view.js';

/** Whether a certificate stands, for a pipeline to go by. */
export interface CertificateAnswer {
  readonly exitCode: ExitCode;
  readonly finding: Finding;
  /** What was found, or all that is missing. */
  readonly sentences: readonly string[];
  readonly certificate: CertificateView | null;
}

/** Of a certificate that stands. */
export function answerOfCertificate(certificate: CertificateView): CertificateAnswer {
  const { sentence } = certificate.statement.assessment;
  return { exitCode: EXIT.released, finding: 'certified', sentences: [sentence], certificate };
}

/** Of the server's refusal to show one: known to be unequal, or not known yet. Undefined for any other error. */
export function answerOfLack(error: unknown): CertificateAnswer | undefined {
  if (!(error instanceof CommandError) || error.problem?.code !== 'CERTIFICATE_NOT_FOUND') return undefined;
  const isRefuted = error.problem['finding'] === 'refuted';
  return {
    exitCode: isRefuted ? EXIT.bad : EXIT.notKnown,
    finding: isRefuted ? 'refuted' : 'undecided',
    sentences: [error.message],
    certificate: null,
  };
}
