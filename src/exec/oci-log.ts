import { readFileSync } from 'node:fs';
import { systemErrorCode } from '../diagnostics/known-error.ts';

/** What a runtime complained of. */
export interface RuntimeFailure {
  readonly message: string;
  /** When the program is to blame; undefined when the container could not be made. */
  readonly exitCode: 126 | 127 | undefined;
}

/** The last error in a runtime's log (JSON lines), or undefined when there is none: then the exit code is the program's. */
export function readRuntimeLog(path: string): RuntimeFailure | undefined {
  const message = logLines(path)
    .map(parseLine)
    .findLast((entry) => entry?.level === 'error')?.msg;
  return message === undefined ? undefined : { message, exitCode: exitCodeOf(message) };
}

function exitCodeOf(message: string): 126 | 127 | undefined {
  if (/executable file (?:`[^`]*` )?not found|exec:? .*no such file or directory|stat .*: no such file/i.test(message))
    return 127;
  if (/exec:? .*(permission denied|is a directory|exec format error)/i.test(message)) return 126;
  return undefined;
}

function logLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').filter(Boolean);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

function parseLine(line: string): { readonly level?: string; readonly msg?: string } | undefined {
  try {
    return JSON.parse(line);
  } catch {
    // A line that is no JSON is the runtime's libc speaking.
    return { level: 'error', msg: line };
  }
}
