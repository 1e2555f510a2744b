/**
 * Environment variables in the order in which they were last set; immutable. Setting a name again moves it to the
 * end, which is the order in which a RUN sees them.
 */
export class EnvList {
  readonly #values: ReadonlyMap<string, string>;

  constructor(values: Iterable<readonly [string, string]> = []) {
    this.#values = new Map(values);
  }

  get(name: string): string | undefined {
    return this.#values.get(name);
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  with(name: string, value: string): EnvList {
    return this.withAll([[name, value]]);
  }

  withAll(entries: Iterable<readonly [string, string]>): EnvList {
    const values = new Map(this.#values);
    for (const [name, value] of entries) {
      values.delete(name);
      values.set(name, value);
    }
    return new EnvList(values);
  }

  names(): readonly string[] {
    return [...this.#values.keys()];
  }

  /** `NAME=value`, in order. */
  toArray(): readonly string[] {
    return [...this.#values].map(([name, value]) => `${name}=${value}`);
  }
}

/** Name and value of `NAME=value`; the value is empty where there is no `=`. */
export function splitEnv(entry: string): readonly [string, string] {
  const at = entry.indexOf('=');
  return at === -1 ? [entry, ''] : [entry.slice(0, at), entry.slice(at + 1)];
}

/** Sets a variable of an image config's Env: in its place when it is there, otherwise at the end. */
export function setImageEnv(env: readonly string[], name: string, value: string): readonly string[] {
  const entry = `${name}=${value}`;
  const at = env.findIndex((existing) => existing === name || existing.startsWith(`${name}=`));
  return at === -1 ? [...env, entry] : env.with(at, entry);
}
