/** The value of RUN --mount: comma-separated options, read after their variables are expanded. */
import { KnownError } from '../diagnostics/known-error.ts';
import type { SourceRange } from '../diagnostics/source-range.ts';
import { nearest } from '../diagnostics/suggest.ts';
import { parseByteSize } from './byte-size.ts';
import { csvFields } from './csv-fields.ts';
import { parseBool, parseUint32 } from './go-number.ts';

export type MountType = 'bind' | 'cache' | 'tmpfs' | 'secret' | 'ssh';
export type CacheSharing = 'shared' | 'private' | 'locked';

/** One option as written; the key in lower case. */
export interface MountOption {
  readonly key: string;
  readonly value: string | undefined;
}

export interface Mount {
  readonly type: MountType;
  /** Stage, named context or image; never holds a variable. */
  readonly from?: string | undefined;
  readonly source?: string | undefined;
  readonly target?: string | undefined;
  /** With the type's default: bind, secret and ssh are read-only, cache and tmpfs are not. */
  readonly readOnly: boolean;
  /** Of a tmpfs, in bytes; 0 is no limit. */
  readonly size?: number | undefined;
  readonly id?: string | undefined;
  readonly sharing?: CacheSharing | undefined;
  /** Of a secret or ssh mount. */
  readonly required: boolean;
  /** The variable a secret is put into; an empty name means the default. */
  readonly env?: string | undefined;
  readonly mode?: number | undefined;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  /** All options in order, expanded. */
  readonly options: readonly MountOption[];
}

export interface ParseMountOptions {
  /** Expands one value. BuildKit expands the value of every key, and none of the keys. */
  readonly expand?: ((value: string) => string) | undefined;
  readonly range?: SourceRange | undefined;
}

export const MOUNT_TYPES = ['bind', 'cache', 'tmpfs', 'secret', 'ssh'] as const;
const SHARING = ['shared', 'private', 'locked'] as const;

/**
 * Reads the value of a --mount flag. Where an option depends on the type, the type must stand before it, as in BuildKit.
 * Throws DOCKERFILE_SYNTAX for broken quoting and DOCKERFILE_INVALID_VALUE for keys, values and combinations.
 */
export function parseMount(text: string, { expand = (value) => value, range }: ParseMountOptions = {}): Mount {
  try {
    const options = mountOptions(text, range).map(({ key, value }) => ({
      key,
      value: value === undefined ? undefined : expand(value),
    }));
    const draft = options.reduce(withOption, { type: 'bind' });
    checkCombination(draft);
    const readOnly = draft.readOnly ?? (draft.type !== 'cache' && draft.type !== 'tmpfs');
    return { ...draft, readOnly, required: draft.required ?? false, options };
  } catch (error) {
    if (error instanceof KnownError) error.at(range);
    throw error;
  }
}

/** The options of a --mount flag in order, not expanded. Throws DOCKERFILE_SYNTAX for broken quoting. */
export function mountOptions(text: string, range?: SourceRange): readonly MountOption[] {
  return csvFields(text, range).map((field) => {
    const equals = field.indexOf('=');
    if (equals < 0) return { key: field.toLowerCase(), value: undefined };
    return { key: field.slice(0, equals).toLowerCase(), value: field.slice(equals + 1) };
  });
}

/** What can be said of a --mount flag before its variables are known: its quoting, and that `from` has none. */
export function checkMount(text: string, range?: SourceRange): void {
  for (const { key, value = '' } of mountOptions(text, range)) {
    const dollar = value.indexOf('$');
    if (key !== 'from' || dollar < 0 || dollar === value.length - 1) continue;
    throw new KnownError('DOCKERFILE_INVALID_VALUE', `"from" of a mount cannot hold a variable: "${value}".`, {
      range,
      hint: `Give it a stage of its own (FROM ${value} AS source) and name that.`,
    });
  }
}

type Draft = Partial<Omit<Mount, 'type' | 'options'>> & Pick<Mount, 'type'>;
type Reader = (draft: Draft, value: string, key: string) => Draft;

const READERS: Readonly<Record<string, Reader>> = {
  type: (draft, value) => ({ ...draft, type: oneOf(MOUNT_TYPES, value, 'type') }),
  from: (draft, value) => ({ ...draft, from: value }),
  source: (draft, value) => ({ ...draft, source: value }),
  src: (draft, value) => ({ ...draft, source: value }),
  target: (draft, value) => ({ ...draft, target: value }),
  dst: (draft, value) => ({ ...draft, target: value }),
  destination: (draft, value) => ({ ...draft, target: value }),
  readonly: (draft, value, key) => ({ ...draft, readOnly: truth(value, key) }),
  ro: (draft, value, key) => ({ ...draft, readOnly: truth(value, key) }),
  readwrite: (draft, value, key) => ({ ...draft, readOnly: !truth(value, key) }),
  rw: (draft, value, key) => ({ ...draft, readOnly: !truth(value, key) }),
  required: (draft, value, key) => {
    if (draft.type !== 'secret' && draft.type !== 'ssh') throw notFor(draft, key);
    return { ...draft, required: truth(value, key) };
  },
  size: (draft, value, key) => {
    if (draft.type !== 'tmpfs') throw notFor(draft, key);
    return { ...draft, size: parseByteSize(value) ?? fail(value, key, 'Write a size such as 64m or 1g.') };
  },
  id: (draft, value) => ({ ...draft, id: value }),
  sharing: (draft, value) => ({ ...draft, sharing: oneOf(SHARING, value, 'sharing') }),
  mode: (draft, value, key) => ({ ...draft, mode: parseUint32(value, 8) ?? fail(value, key, 'It is octal: 0755.') }),
  uid: (draft, value, key) => ({ ...draft, uid: parseUint32(value, 10) ?? fail(value, key, 'It is a number.') }),
  gid: (draft, value, key) => ({ ...draft, gid: parseUint32(value, 10) ?? fail(value, key, 'It is a number.') }),
  env: (draft, value) => ({ ...draft, env: value }),
};

/** Every option a mount can have, other spellings included. */
export const MOUNT_OPTIONS: readonly string[] = Object.keys(READERS);

const BARE: ReadonlySet<string> = new Set(['readonly', 'ro', 'readwrite', 'rw', 'required']);

function withOption(draft: Draft, { key, value }: MountOption): Draft {
  const read = Object.hasOwn(READERS, key) ? READERS[key] : undefined;
  if (!read) {
    const near = nearest(key, Object.keys(READERS));
    throw invalidMount(`A mount has no option "${key}".`, near && `Did you mean ${near}?`);
  }
  if (value === undefined && !BARE.has(key)) throw invalidMount(`The mount option "${key}" needs a value: ${key}=….`);
  return read(draft, value ?? 'true', key);
}

function checkCombination(draft: Draft): void {
  if (draft.type === 'bind' || draft.type === 'tmpfs') {
    for (const key of ['mode', 'uid', 'gid'] as const) if (draft[key] !== undefined) throw notFor(draft, key);
  }
  // BuildKit looks for the path in the new tmpfs, where nothing is.
  if (draft.type === 'tmpfs' && draft.source && draft.source !== '/') throw notFor(draft, 'source');
  if (draft.sharing !== undefined && draft.type !== 'cache') throw notFor(draft, 'sharing');
  if (draft.type !== 'secret') return;
  if (draft.from) throw notFor(draft, 'from');
  if (!draft.source && !draft.target && !draft.id) {
    throw invalidMount(
      'A secret mount needs an id, a source or a target.',
      'For example: --mount=type=secret,id=token',
    );
  }
  if (draft.source && draft.id) throw invalidMount('A secret mount takes either "source" or "id", not both.');
}

function truth(value: string, key: string): boolean {
  return parseBool(value) ?? fail(value, key, 'It is true or false.');
}

function oneOf<T extends string>(allowed: readonly T[], value: string, key: string): T {
  const found = allowed.find((candidate) => candidate === value.toLowerCase());
  const near = nearest(value, allowed);
  return found ?? fail(value, key, near ? `Did you mean ${near}?` : `It is one of: ${allowed.join(', ')}.`);
}

function notFor(draft: Draft, key: string): KnownError {
  return invalidMount(`A ${draft.type} mount takes no option "${key}".`);
}

function fail(value: string, key: string, hint: string): never {
  throw invalidMount(`The mount option "${key}" cannot be "${value}".`, hint);
}

function invalidMount(message: string, hint?: string): KnownError {
  return new KnownError('DOCKERFILE_INVALID_VALUE', message, { hint });
}
