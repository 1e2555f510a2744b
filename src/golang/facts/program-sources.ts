import type { Found, Place } from '../module/go-module.ts';
import type { ModuleFiles } from '../module/module-files.ts';
import type { GoExpression } from '../source/go-expression.ts';
import type { GoCall, GoSource } from '../source/go-source.ts';
import { type BoundValue, evaluate, type GoValue, settingName } from './value.ts';

/** A file of a program, read. */
export interface ProgramFile {
  readonly path: string;
  /** Folder of its package. */
  readonly dir: string;
  readonly importPath: string;
  readonly source: GoSource;
  /** Local names of imports. */
  readonly importNames: ReadonlyMap<string, string>;
}

/** All files that a program is built with, and where its names are looked up. */
export interface ProgramSources {
  readonly programDir: string;
  readonly moduleDir: string;
  readonly files: readonly ProgramFile[];
  readonly names: ProgramNames;
  readonly moduleFiles: ModuleFiles;
}

interface NamedValue extends BoundValue {
  readonly file: ProgramFile;
}

const MOST_BINDINGS = 1000;

/** Looks up the names of one program. */
export interface ProgramNames {
  evaluate(expression: GoExpression, file: ProgramFile): GoValue;
}

/**
 * Bindings of all files that were read. A name alone is looked up in its file, then its package; a field also everywhere
 * else in the program.
 */
export class NameTable {
  readonly #byName = new Map<string, NamedValue[]>();

  add(file: ProgramFile): void {
    for (const { name, value } of file.source.bindings) this.#add(name, { value, file });
    for (const { field, tag } of file.source.tags) {
      const value = tagged(tag);
      if (value) this.#add(field, { ...value, file });
    }
    for (const call of file.source.calls) {
      const set = settingOf(call);
      if (set) this.#add(set.name, { ...set, file });
    }
  }

  /** The names of a program that is made of the packages in these folders. */
  within(dirs: ReadonlySet<string>): ProgramNames {
    return {
      evaluate: (expression, file) => evaluate(expression, { bindings: (names) => this.#bindings(names, file, dirs) }),
    };
  }

  #add(name: string, value: NamedValue): void {
    const known = this.#byName.get(name);
    if (known === undefined) this.#byName.set(name, [value]);
    // A name that everything has says nothing.
    else if (known.length < MOST_BINDINGS) known.push(value);
  }

  #bindings(names: readonly string[], file: ProgramFile, dirs: ReadonlySet<string>): readonly BoundValue[] {
    const all = this.#byName.get(names.at(-1) ?? '') ?? [];
    const near = all.filter((value) => value.file === file);
    if (near.length > 0) return near;
    const beside = all.filter((value) => value.file.dir === file.dir);
    if (beside.length > 0) return beside;
    const isEverywhere = names.length > 1 || names[0]?.startsWith('setting:');
    return isEverywhere ? all.filter((value) => dirs.has(value.file.dir)) : [];
  }
}

/** `env:"PORT" envDefault:"8080"`, `envconfig:"PORT" default:"8080"`, `env:"PORT,default=8080"`. */
function tagged(tag: string): BoundValue | undefined {
  const key = (name: string) => new RegExp(`(?:^|\\s)${name}:"([^"]*)"`).exec(tag)?.[1];
  const [env = '', ...options] = (key('env') ?? key('envconfig') ?? '').split(',');
  const inEnv = options.find((option) => option.trim().startsWith('default='))?.replace(/^\s*default=/, '');
  const text = key('envDefault') ?? key('env-default') ?? key('default') ?? inEnv;
  if (text === undefined && env === '') return undefined;
  return {
    value: text === undefined ? { kind: 'other' } : { kind: 'literal', text },
    env: env === '' ? undefined : env,
  };
}

const VARIABLE_FLAG = /^(?:String|Int|Int64|Uint|Uint16|Uint64)Var(P?)$/;

/** `flag.StringVar(&addr, "addr", ":8080", "…")` and `viper.SetDefault("port", 8080)`. */
function settingOf({ callee, args }: GoCall): (BoundValue & { readonly name: string }) | undefined {
  const method = callee.at(-1) ?? '';
  const [first, second] = args;
  if (method === 'SetDefault' && first?.kind === 'literal' && second)
    return { name: settingName(first.text), value: second };
  const variable = VARIABLE_FLAG.exec(method);
  const value = args[variable?.[1] ? 3 : 2];
  if (!variable || first?.kind !== 'name' || second?.kind !== 'literal' || !value) return undefined;
  return { name: first.names.at(-1) ?? '', value, flag: second.text };
}

/** The import path of the package that a call names, or undefined for a method or a function of the package itself. */
export function calledPackage({ callee, on }: GoCall, file: ProgramFile): string | undefined {
  return callee.length === 2 && !on ? file.importNames.get(callee[0] ?? '') : undefined;
}

export function placeIn(file: ProgramFile, line: number): Place {
  return { path: file.path, line };
}

/** Each value once, where it was found first. */
export function distinct<T>(found: Iterable<Found<T>>): readonly Found<T>[] {
  const first = new Map<T, Found<T>>();
  for (const entry of found) if (!first.has(entry.value)) first.set(entry.value, entry);
  return [...first.values()];
}
