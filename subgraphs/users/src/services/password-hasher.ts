import { randomBytes } from 'node:crypto';
import { hash, parseOptions, verify } from '@node-rs/argon2';
import pLimit from 'p-limit';

/** How passwords are kept. */
export interface PasswordHasher {
  /** @returns a PHC string, which says its own parameters */
  hash(password: string): Promise<string>;
  verify(passwordHash: string, password: string): Promise<boolean>;
  /** Whether a hash was made with less work than one of today. */
  isWeak(passwordHash: string): boolean;
  /** A hash that no password fits: to verify it takes as long as any other. */
  readonly decoy: string;
}

/** What a hash costs, for us and for who would guess. */
export interface HashStrength {
  /** KiB. */
  memoryCost: number;
  /** Passes over the memory. */
  timeCost: number;
  /** Threads. */
  parallelism: number;
}

/** What OWASP's Password Storage Cheat Sheet asks of Argon2id: 19 MiB and two passes. */
export const OWASP_STRENGTH: HashStrength = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * Hashes at once, for each process. Each takes a thread of libuv's pool, of which there are 4 (`napi_create_async_work`
 * is what the library runs on), and 19 MiB once it runs. Two leave the other threads to DNS, files and signatures
 * while somebody floods the sign-in.
 */
const AT_ONCE = 2;

/** Argon2id, the default of the library. */
export function createPasswordHasher(strength: HashStrength = OWASP_STRENGTH): PasswordHasher {
  const { memoryCost, timeCost, parallelism } = strength;
  const inTurn = pLimit(AT_ONCE);
  return {
    hash: (password) => inTurn(() => hash(password, strength)),
    verify: (passwordHash, password) => inTurn(() => verify(passwordHash, password)),
    isWeak(passwordHash) {
      const made = parseOptions(passwordHash);
      return made.memoryCost < memoryCost || made.timeCost < timeCost;
    },
    decoy: `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${unpadded(16)}$${unpadded(32)}`,
  };
}

/** Random bytes as a PHC string has them. */
const unpadded = (bytes: number): string => randomBytes(bytes).toString('base64').replaceAll('=', '');
