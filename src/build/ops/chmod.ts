import { KnownError } from '../../diagnostics/known-error.ts';

/**
 * The mode of an entry after --chmod. A `parent` (a directory that the copy has to make) follows only a number, as far as docker's
 * umask lets it: symbolic modes change what a source has, and it has no source.
 */
export type Chmod = (mode: number, kind: 'file' | 'directory' | 'parent') => number;

const STICKY = 0o1000;
/** What mkdir(2) leaves of a mode under the umask that docker's daemon sets, 022. */
const MADE = 0o755;
/** What a clause without `u`, `g`, `o` and `a` is about: everything but the sticky bit. */
const USUAL = 0o6777;
const WHO: Readonly<Record<string, number>> = { u: 0o4700, g: 0o2070, o: 0o0007, a: USUAL };
/** Bits to the left of the others' where each class has its permissions. */
const CLASS_SHIFT: Readonly<Record<string, number>> = { u: 6, g: 3, o: 0 };
const PERMISSION: Readonly<Record<string, number>> = { r: 0o444, w: 0o222, x: 0o111, X: 0o111, s: 0o6000, t: STICKY };
const CLAUSE = /^([ugoa]*)((?:[-+=][rwxXstugo]*)+)$/;

interface Change {
  readonly operator: string;
  /** The bits that may change. */
  readonly who: number;
  readonly letters: string;
}

/** Octal (`755`, `0644`) or symbolic (`u=rwX,go=u-w`), chmod(1) as BuildKit reads it. @throws KnownError DOCKERFILE_INVALID_FLAG. */
export function parseChmod(text: string): Chmod {
  if (/^[0-7]{1,5}$/.test(text)) {
    const mode = Number.parseInt(text, 8) & 0o7777;
    return (_, kind) => (kind === 'parent' ? mode & MADE : mode);
  }
  const changes = text.split(',').flatMap((clause) => changesOf(CLAUSE.exec(clause) ?? refuse(text)));
  return (mode, kind) => {
    if (kind === 'parent') return mode;
    const givesX = kind === 'directory' || (mode & 0o111) !== 0;
    return changes.reduce((before, change) => applyChange(before, change, givesX), mode);
  };
}

function changesOf([, classes = '', actions = '']: RegExpExecArray): Change[] {
  const who = [...classes].reduce((bits, letter) => bits | (WHO[letter] ?? 0), 0);
  return [...actions.matchAll(/([-+=])([^-+=]*)/g)].map(([, operator = '', letters = '']) => ({
    operator,
    who,
    letters: who === 0o0007 ? letters.replace(/[st]/g, '') : letters,
  }));
}

function applyChange(mode: number, { operator, who, letters }: Change, givesX: boolean): number {
  // A sticky bit that is named is all that a clause without classes changes.
  const about = letters.includes('t') ? who | STICKY : who || USUAL;
  const named = [...letters].filter((letter) => letter !== 'X' || givesX || operator === '-');
  const bits = named.reduce((all, letter) => all | (PERMISSION[letter] ?? 0), 0) & about;
  const copied = named.filter((letter) => letter in CLASS_SHIFT);
  if (operator === '-') return copied.reduce((left, from) => left & ~spread(left, from, who), mode & ~bits);
  const cleared = operator === '=' && (bits !== 0 || copied.length === 0) ? mode & ~about : mode;
  return copied.reduce((result, from) => copyClass(result, from, { operator, who }), cleared | bits);
}

/** A class's permissions for each of the classes that a clause is about. */
function spread(mode: number, from: string, who: number): number {
  const permissions = (mode >> (CLASS_SHIFT[from] ?? 0)) & 0o7;
  return (permissions * 0o111) & (who || USUAL) & 0o777;
}

function copyClass(mode: number, from: string, { operator, who }: Pick<Change, 'operator' | 'who'>): number {
  const kept = operator === '=' ? mode & ~((who || USUAL) & 0o777) : mode;
  return kept | spread(mode, from, who);
}

function refuse(text: string): never {
  throw new KnownError('DOCKERFILE_INVALID_FLAG', `--chmod=${text} is no mode.`, {
    hint: 'Write it in octal (755) or as chmod does (u=rwX,go=rX).',
  });
}
