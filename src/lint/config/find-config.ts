import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { systemErrorCode } from '../../diagnostics/known-error.ts';
import { type LintConfig, NO_CONFIG, readLintConfig } from './lint-config.ts';

const NAMES = ['slipway.yaml', 'slipway.yml'] as const;
const MOST_LEVELS = 32;

export interface FoundConfig extends LintConfig {
  /** undefined when no file was found. */
  readonly path: string | undefined;
}

/**
 * The configuration in force for a directory: of the nearest `slipway.yaml` in it or above, up to the folder that holds
 * `.git`. @throws KnownError CONFIG_INVALID
 */
export async function findConfig(dir: string): Promise<FoundConfig> {
  for (let at = dir, level = 0; level < MOST_LEVELS; level++) {
    for (const name of NAMES) {
      const path = join(at, name);
      const text = readOptional(path);
      if (text !== undefined) return { ...(await readLintConfig(text, path)), path };
    }
    if (existsSync(join(at, '.git')) || dirname(at) === at) break;
    at = dirname(at);
  }
  return { ...NO_CONFIG, path: undefined };
}

function readOptional(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES', 'EISDIR'].includes(systemErrorCode(error) ?? '')) return undefined;
    throw error;
  }
}
