import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { KnownError, systemErrorCode } from '../../../diagnostics/known-error.ts';
import type { SecretSource } from './step-inputs.ts';

/** BuildKit's bound for one secret. */
const SECRET_LIMIT = 500 * 1024;

export interface SecretStore {
  /** The value of an id; undefined when the build was given none. @throws KnownError SECRET_MISSING when its source cannot be read. */
  read(id: string): Buffer | undefined;
}

/** Values are read when a step needs them and kept nowhere. */
export function createSecretStore(sources: readonly SecretSource[], cwd: string, env: NodeJS.ProcessEnv): SecretStore {
  return {
    read(id) {
      const source = sources.find((candidate) => candidate.id === id);
      return source && bounded(id, readSource(source, cwd, env));
    },
  };
}

function readSource({ id, path, variable }: SecretSource, cwd: string, env: NodeJS.ProcessEnv): Buffer {
  if (variable !== undefined) {
    const value = env[variable];
    if (value !== undefined) return Buffer.from(value);
    throw new KnownError('SECRET_MISSING', `Secret "${id}" comes from $${variable}, which is not set.`);
  }
  try {
    return readFileSync(resolve(cwd, path ?? id));
  } catch (error) {
    throw new KnownError(
      'SECRET_MISSING',
      `Secret "${id}" comes from ${path}, which cannot be read (${systemErrorCode(error)}).`,
      {
        cause: error,
      },
    );
  }
}

function bounded(id: string, value: Buffer): Buffer {
  if (value.length <= SECRET_LIMIT) return value;
  throw new KnownError(
    'SECRET_MISSING',
    `Secret "${id}" has ${value.length} bytes; at most ${SECRET_LIMIT} are passed on.`,
  );
}
