import { readFileSync } from 'node:fs';
import { systemErrorCode } from '../../diagnostics/known-error.ts';
import { usageError } from './csv-fields.ts';

/**
 * Reads --env-file as docker does: a line is `NAME=value` (the value as it stands, quotes kept) or `NAME`, whose value the
 * environment has; comments begin a line with `#`.
 */
export function readEnvFile(path: string, env: NodeJS.ProcessEnv): string[] {
  return parseEnvFile(read(path), path, env);
}

export function parseEnvFile(text: string, path: string, env: NodeJS.ProcessEnv): string[] {
  return text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .map((line) => line.trimStart())
    .flatMap((line, index) => {
      if (line === '' || line.startsWith('#')) return [];
      const [name = ''] = line.split('=');
      if (name === '' || /\s/.test(name))
        throw usageError(`${path}:${index + 1}: ${JSON.stringify(name)} is no variable name.`);
      if (line.includes('=')) return [line];
      return env[name] === undefined ? [] : [`${name}=${env[name]}`];
    });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw usageError(`--env-file ${path} cannot be read (${systemErrorCode(error)}).`);
  }
}
