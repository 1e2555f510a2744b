import { closeSync, constants, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../../../diagnostics/known-error.ts';

/** Values shorter than this stand in files by chance. */
const SHORTEST = 6;
const CHUNK_BYTES = 1024 * 1024;

export interface LentSecret {
  readonly id: string;
  readonly value: Buffer;
}

export interface FoundLeak {
  readonly secretId: string;
  /** Below the directory that was searched, without a leading slash. */
  readonly path: string;
}

/**
 * Looks for the values of secrets in the files that a step left behind. Only the value as it stands is found, not one that
 * was encoded or compressed; each secret is told once a file. What cannot be reached by its path (it is no text, or too long)
 * is left out: no layer can be made of it either.
 */
export function findSecretLeaks(diffDir: string, secrets: readonly LentSecret[]): readonly FoundLeak[] {
  const sought = soughtValues(secrets);
  if (sought.length === 0) return [];
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES + Math.max(...sought.map(({ value }) => value.length)));
  return [...filesBelow(diffDir, '')].flatMap((path) =>
    idsInFile(join(diffDir, path), sought, buffer).map((secretId) => ({ secretId, path })),
  );
}

/** Secrets whose values can be told from what stands somewhere by chance, without blanks around them. */
export function soughtValues(secrets: readonly LentSecret[]): readonly LentSecret[] {
  return secrets
    .map(({ id, value }) => ({ id, value: trimmed(value) }))
    .filter(({ value }) => value.length >= SHORTEST);
}

/** A file's final newline is not part of what people call the secret. */
function trimmed(value: Buffer): Buffer {
  return Buffer.from(value.toString('latin1').trim(), 'latin1');
}

function* filesBelow(root: string, path: string): Generator<string> {
  for (const entry of ifReachable(() => readdirSync(join(root, path), { withFileTypes: true })) ?? []) {
    const below = path === '' ? entry.name : `${path}/${entry.name}`;
    if (entry.isDirectory()) yield* filesBelow(root, below);
    else if (entry.isFile()) yield below;
  }
}

function idsInFile(file: string, sought: readonly LentSecret[], buffer: Buffer): string[] {
  const found = new Set<string>();
  const overlap = Math.max(...sought.map(({ value }) => value.length)) - 1;
  const fd = ifReachable(() => openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW));
  if (fd === undefined) return [];
  try {
    let kept = 0;
    for (;;) {
      const read = readSync(fd, buffer, kept, buffer.length - kept, null);
      if (read === 0) return [...found];
      const bytes = buffer.subarray(0, kept + read);
      for (const { id, value } of sought) if (bytes.includes(value)) found.add(id);
      // A value may lie across two chunks.
      kept = Math.min(overlap, bytes.length);
      buffer.copyWithin(0, bytes.length - kept, bytes.length);
    }
  } finally {
    closeSync(fd);
  }
}

function ifReachable<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (['ENOENT', 'ENAMETOOLONG'].includes(systemErrorCode(error) ?? '')) return undefined;
    throw error;
  }
}
