import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { KnownError, systemErrorCode } from '../../diagnostics/known-error.ts';
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
export function findConfig(dir: string): Promise<FoundConfig> {
  return createConfigFinder()(dir);
}

export interface ConfigRequest {
  readonly cwd: string;
  /** In place of the nearest file; relative to `cwd`. */
  readonly configPath?: string | undefined;
}

/** The configuration of directories, each read once: the given one for all, or `findConfig`. @throws KnownError CONFIG_INVALID */
export function configReader({ configPath, cwd }: ConfigRequest): (dir: string) => Promise<FoundConfig> {
  if (configPath === undefined) return createConfigFinder();
  let given: Promise<FoundConfig> | undefined;
  return () => {
    given ??= readGiven(configPath, cwd);
    return given;
  };
}

/** `findConfig` for many directories: each folder on the way up is looked at once. */
function createConfigFinder(): (dir: string) => Promise<FoundConfig> {
  const known = new Map<string, Promise<FoundConfig>>();
  const find = (at: string, level: number): Promise<FoundConfig> => {
    const found = known.get(at) ?? readConfigIn(at) ?? (isTop(at, level) ? NOTHING : find(dirname(at), level + 1));
    known.set(at, found);
    return found;
  };
  return (dir) => find(dir, 1);
}

const NOTHING: Promise<FoundConfig> = Promise.resolve({ ...NO_CONFIG, path: undefined });

function isTop(dir: string, level: number): boolean {
  return level >= MOST_LEVELS || dirname(dir) === dir || existsSync(join(dir, '.git'));
}

function readConfigIn(dir: string): Promise<FoundConfig> | undefined {
  for (const name of NAMES) {
    const path = join(dir, name);
    const text = readOptional(path);
    if (text !== undefined) return readLintConfig(text, path).then((config) => ({ ...config, path }));
  }
  return undefined;
}

function readOptional(path: string): string | undefined {
  // An error for each of a thousand folders without one takes longer than the look.
  if (!existsSync(path)) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES', 'EISDIR'].includes(systemErrorCode(error) ?? '')) return undefined;
    throw error;
  }
}

async function readGiven(written: string, cwd: string): Promise<FoundConfig> {
  const path = resolve(cwd, written);
  try {
    return { ...(await readLintConfig(readFileSync(path, 'utf8'), written)), path };
  } catch (error) {
    if (!['ENOENT', 'EISDIR', 'EACCES'].includes(systemErrorCode(error) ?? '')) throw error;
    throw new KnownError('CONFIG_INVALID', `The configuration ${JSON.stringify(written)} cannot be read.`, {
      exitCode: 2,
      cause: error,
    });
  }
}
