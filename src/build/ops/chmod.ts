import { KnownError } from '../../diagnostics/known-error.ts';

/**
 * The mode of an entry after --chmod. A `parent` (a directory that the copy has to make) follows only a number: symbolic
 * modes change what a source has, and it has no source.
 */
export type Chmod = (mode: number, kind: 'file' | 'directory' | 'parent') => number;

const WHO: Readonly<Record<string, number>> = { u: 0o4700, g: 0o2070, o: 0o0007, a: 0o7777 };
const CLAUSE = /^([ugoa]*)((?:[-+=][rwxXst]*)+)$/;

/** Octal (`755`, `0644`) or symbolic (`u=rwX,go=rX`), chmod(1). @throws KnownError DOCKERFILE_INVALID_FLAG. */
export function parseChmod(text: string): Chmod {
  if (/^[0-7]{1,5}$/.test(text)) {
    const mode = Number.parseInt(text, 8) & 0o7777;
    return () => mode;
  }
  const clauses = text.split(',').map((clause) => CLAUSE.exec(clause) ?? refuse(text));
  return (mode, kind) =>
    kind === 'parent' ? mode : clauses.reduce((before, clause) => applyClause(before, clause, kind), mode);
}

function applyClause(mode: number, [, who = '', actions = '']: RegExpExecArray, kind: 'file' | 'directory'): number {
  const mask = [...(who || 'a')].reduce((bits, letter) => bits | (WHO[letter] ?? 0), 0);
  let result = mode;
  for (const [, operator, letters = ''] of actions.matchAll(/([-+=])([rwxXst]*)/g)) {
    const bits = permissionBits(letters, kind === 'directory' || (mode & 0o111) !== 0) & mask;
    if (operator === '+') result |= bits;
    else if (operator === '-') result &= ~bits;
    else result = (result & ~(mask & 0o777)) | bits;
  }
  return result;
}

function permissionBits(letters: string, isExecutable: boolean): number {
  const values: Readonly<Record<string, number>> = {
    r: 0o444,
    w: 0o222,
    x: 0o111,
    X: isExecutable ? 0o111 : 0,
    s: 0o6000,
    t: 0o1000,
  };
  return [...letters].reduce((bits, letter) => bits | (values[letter] ?? 0), 0);
}

function refuse(text: string): never {
  throw new KnownError('DOCKERFILE_INVALID_FLAG', `--chmod=${text} is no mode.`, {
    hint: 'Write it in octal (755) or as chmod does (u=rwX,go=rX).',
  });
}
