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

const MOST_BINDINGS = 100;

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
  /** The same within a folder: most names are never looked up further away. */
  readonly #byDir = new Map<string, Map<string, NamedValue[]>>();

  add(file: ProgramFile): void {
    for (const { name, value } of file.source.bindings) this.#add(name, { value, file });
    for (const { field, tag } of file.source.tags) {
      for (const value of tagged(tag)) this.#add(field, { ...value, file });
    }
    for (const call of file.source.calls) {
      for (const set of settingsOf(call)) this.#add(set.name, { ...set, file });
    }
  }

  /** The names of a program that is made of the packages in these folders. */
  within(dirs: ReadonlySet<string>): ProgramNames {
    return {
      evaluate: (expression, file) => evaluate(expression, { bindings: (names) => this.#bindings(names, file, dirs) }),
    };
  }

  #add(name: string, value: NamedValue): void {
    const dir = value.file.dir;
    const beside = this.#byDir.get(dir) ?? new Map<string, NamedValue[]>();
    this.#byDir.set(dir, beside);
    push(beside, name, value);
    push(this.#byName, name, value);
  }

  #bindings(names: readonly string[], file: ProgramFile, dirs: ReadonlySet<string>): readonly BoundValue[] {
    const name = names.at(-1) ?? '';
    const beside = this.#byDir.get(file.dir)?.get(name) ?? [];
    const near = beside.filter((value) => value.file === file);
    if (near.length > 0 || beside.length > 0) return near.length > 0 ? near : beside;
    const isEverywhere = names.length > 1 || name.startsWith('setting:');
    return isEverywhere ? (this.#byName.get(name) ?? []).filter((value) => dirs.has(value.file.dir)) : [];
  }
}

function push(map: Map<string, NamedValue[]>, name: string, value: NamedValue): void {
  const known = map.get(name);
  if (known === undefined) map.set(name, [value]);
  // A name that everything has says nothing.
  else if (known.length < MOST_BINDINGS) known.push(value);
}

/**
 * `env:"PORT" envDefault:"8080"`, `envconfig:"PORT" default:"8080"`, `env:"PORT,default=8080"`; `mapstructure:"port"` is
 * the setting of that name.
 */
function tagged(tag: string): readonly BoundValue[] {
  const key = (name: string) => new RegExp(`(?:^|\\s)${name}:"([^"]*)"`).exec(tag)?.[1];
  const [env = '', ...options] = (key('env') ?? key('envconfig') ?? '').split(',');
  const inEnv = options.find((option) => option.trim().startsWith('default='))?.replace(/^\s*default=/, '');
  const text = key('envDefault') ?? key('env-default') ?? key('default') ?? inEnv;
  const setting = (key('mapstructure') ?? key('koanf'))?.split(',')[0];
  const values: BoundValue[] = [];
  if (text !== undefined || env !== '') {
    const value: GoExpression = text === undefined ? { kind: 'other' } : { kind: 'literal', text };
    values.push({ value, env: env === '' ? undefined : env });
  }
  if (setting) values.push({ value: { kind: 'name', names: [settingName(setting)] } });
  return values;
}

const FLAG = /^(?:String|Int|Int64|Uint|Uint16|Uint64)(Var)?(P?)$/;

/** `flag.StringVar(&addr, "addr", ":8080", "…")`, `flags.Int("port", 8080, "…")`, `viper.SetDefault("port", 8080)`. */
function settingsOf({ callee, args }: GoCall): readonly (BoundValue & { readonly name: string })[] {
  const method = callee.at(-1) ?? '';
  const [first, second] = args;
  if (method === 'SetDefault' && first?.kind === 'literal' && second) {
    return [{ name: settingName(first.text), value: second }];
  }
  const [, isVariable, hasShort] = FLAG.exec(method) ?? [];
  const name = isVariable ? second : first;
  const value = args[(isVariable ? 2 : 1) + (hasShort ? 1 : 0)];
  if (isVariable === undefined && !FLAG.test(method)) return [];
  if (name?.kind !== 'literal' || !value || args.length < 3) return [];
  const setting = { name: settingName(name.text), value, flag: name.text };
  const variable = isVariable && first?.kind === 'name' ? [{ ...setting, name: first.names.at(-1) ?? '' }] : [];
  return [setting, ...variable];
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
