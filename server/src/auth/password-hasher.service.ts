import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';

/** Argon2id, which is the library's default, as the OWASP Password Storage Cheat Sheet sets it. */
const PARAMETERS = { memoryCost: 19 * 1_024, timeCost: 2, parallelism: 1 };

/** Hashes passwords, off the event loop. */
@Injectable()
export class PasswordHasher {
  /** What nobody's password hashes to: verifying takes as long where there is none. */
  private decoy: Promise<string> | undefined;

  /** A PHC string: parameters, salt and hash. */
  hash(password: string): Promise<string> {
    return hash(prepared(password), PARAMETERS);
  }

  /** Whether a password is the one that was hashed; null: there is none, and the answer is no after the same time. */
  async verify(password: string, hashed: string | null): Promise<boolean> {
    if (hashed !== null) return verify(hashed, prepared(password));
    this.decoy ??= this.hash('nobody has this password');
    await verify(await this.decoy, prepared(password));
    return false;
  }
}

/** Keyboards write the same letter in several ways (NIST SP 800-63B, 5.1.1.2). */
function prepared(password: string): string {
  return password.normalize('NFKC');
}
