import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KnownError, systemErrorCode } from '../diagnostics/known-error.ts';
import { type DiffId, digestHex } from '../image/digest.ts';
import { parseImageConfig } from '../image/parse-manifest.ts';
import { writeFileAtomic } from '../system/write-file-atomic.ts';

/** A step wrote a secret that it was lent into the file system it leaves. */
export interface SecretLeak {
  readonly secretId: string;
  /** In the layer, without a leading slash. */
  readonly path: string;
}

/** Remembers that a layer holds secrets, for as long as the store lives: also when the step comes from the cache. */
export function recordSecretLeaks(root: string, diffId: DiffId, leaks: readonly SecretLeak[]): void {
  const path = recordPath(root, diffId);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileAtomic(path, JSON.stringify(leaks));
}

/** What is known to be in any of these layers. */
export function secretLeaks(root: string, diffIds: readonly DiffId[]): readonly SecretLeak[] {
  return diffIds.flatMap((diffId) => {
    try {
      return JSON.parse(readFileSync(recordPath(root, diffId), 'utf8')) as readonly SecretLeak[];
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return [];
      throw error;
    }
  });
}

/** @throws KnownError SECRET_LEAKED when a layer of this config holds a secret. */
export function refuseSecretLeaks(root: string, config: Buffer): void {
  const [leak, ...more] = secretLeaks(root, parseImageConfig(config).rootfs.diff_ids);
  if (!leak) return;
  const others = more.length > 0 ? ` (and ${more.length} more)` : '';
  throw new KnownError(
    'SECRET_LEAKED',
    `The image holds the secret "${leak.secretId}" in /${leak.path}${others}, so it is not pushed.`,
    {
      hint: 'Remove the file in the step that wrote it, or push it all the same with --allow-secret-leak.',
    },
  );
}

function recordPath(root: string, diffId: DiffId): string {
  return join(root, 'images', 'secret-leaks', `${digestHex(diffId)}.json`);
}
