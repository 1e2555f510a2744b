import type { WriteStream } from 'node:tty';
import { createColors } from 'picocolors';

/** One output stream and what can be shown on it. */
export interface Terminal {
  readonly isTerminal: boolean;
  readonly colors: ReturnType<typeof createColors>;
  /** ✓ ✗ and spinners can be shown: the locale is UTF-8. */
  readonly unicode: boolean;
  /** Columns now (a terminal may be resized); 80 where it is not known. */
  columns(): number;
  rows(): number;
  write(text: string): void;
}

/** NO_COLOR and FORCE_COLOR are obeyed; a `dumb` terminal gets neither colours nor a live view. */
export function createTerminal(stream: WriteStream, env: NodeJS.ProcessEnv): Terminal {
  const isTerminal = Boolean(stream.isTTY) && env.TERM !== 'dumb';
  return {
    isTerminal,
    colors: createColors(useColors(isTerminal, env)),
    unicode: isUtf8(env),
    columns: () => stream.columns || 80,
    rows: () => stream.rows || 24,
    write: (text) => {
      stream.write(text);
    },
  };
}

function useColors(isTerminal: boolean, env: NodeJS.ProcessEnv): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR && env.FORCE_COLOR !== '0') return true;
  return isTerminal;
}

function isUtf8(env: NodeJS.ProcessEnv): boolean {
  return /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '');
}
