import type { GoExpression } from '../source/go-expression.ts';

/** What an expression may be worth when the program runs. */
export interface GoValue {
  /** undefined when nothing is known; unknown parts of a longer text are left out. */
  readonly text: string | undefined;
  /** Environment variables that replace it. */
  readonly env: readonly string[];
  /** Flag that replaces it. */
  readonly flag: string | undefined;
}

export const UNKNOWN: GoValue = { text: undefined, env: [], flag: undefined };

/** Where the names of an expression are looked up. */
export interface NameLookup {
  /** Every expression that the name stands for, nearest first. */
  bindings(names: readonly string[]): readonly BoundValue[];
}

export interface BoundValue {
  readonly value: GoExpression;
  readonly flag?: string | undefined;
  readonly env?: string | undefined;
}

/** Steps of one evaluation: names that stand for each other must not multiply. */
const MAX_STEPS = 300;
const MAX_DEPTH = 10;

export function evaluate(expression: GoExpression, lookup: NameLookup): GoValue {
  return new Evaluation(lookup).value(expression, 0);
}

class Evaluation {
  readonly #lookup: NameLookup;
  #steps = 0;

  constructor(lookup: NameLookup) {
    this.#lookup = lookup;
  }

  value(expression: GoExpression | undefined, depth: number): GoValue {
    if (!expression || depth > MAX_DEPTH || ++this.#steps > MAX_STEPS) return UNKNOWN;
    switch (expression.kind) {
      case 'literal':
        return { ...UNKNOWN, text: expression.text };
      case 'sum':
        return joined(
          expression.terms.map((term) => this.value(term, depth + 1)),
          '',
        );
      case 'name':
        return this.#bound(expression.names, depth);
      case 'call':
        return this.#called(expression, depth);
      case 'other':
        return UNKNOWN;
    }
  }

  #bound(names: readonly string[], depth: number): GoValue {
    const values = this.#lookup.bindings(names).map(({ value, flag, env }) => {
      const found = this.value(value, depth + 1);
      return { ...found, flag: flag ?? found.flag, env: env === undefined ? found.env : [...found.env, env] };
    });
    return {
      text:
        values.find(({ text }) => text !== undefined && text !== '')?.text ??
        values.find(({ text }) => text === '')?.text,
      env: [...new Set(values.flatMap(({ env }) => env))],
      flag: values.find(({ flag }) => flag !== undefined)?.flag,
    };
  }

  #called(call: GoExpression & { readonly kind: 'call' }, depth: number): GoValue {
    const args = call.args.map((arg) => this.value(arg, depth + 1));
    const name = call.callee.join('.');
    const [first = UNKNOWN, second] = args;
    if (/^(?:os|syscall)\.(?:Getenv|LookupEnv)$/.test(name)) return { ...UNKNOWN, env: texts([first]) };
    if (name === 'fmt.Sprintf' || name === 'fmt.Sprint') return formatted(args);
    if (name === 'net.JoinHostPort') return joined(args, ':');
    if (/^(?:file)?path\.Join$/.test(name)) return joined(args, '/');
    if (name === 'cmp.Or') return firstKnown(args);
    const method = call.callee.at(-1) ?? '';
    if (call.on) return this.#chained(method, call, { first, depth });
    if (FLAG.test(method) && first.text !== undefined) {
      return { ...UNKNOWN, text: (method.endsWith('P') ? args[2] : second)?.text, flag: first.text };
    }
    if (/^Get(?:String|Int|Uint16)?$/.test(method) && first.text !== undefined && args.length === 1) {
      const set = this.#bound([settingName(first.text)], depth);
      if (set !== UNKNOWN && set.text !== undefined) return set;
    }
    if (first.text !== undefined && args.length >= 2 && ENVIRONMENT_NAME.test(first.text)) {
      return { ...UNKNOWN, text: args.slice(1).find(({ text }) => text !== undefined)?.text, env: [first.text] };
    }
    // A conversion or a function that passes its argument on: strconv.Itoa(port), string(addr), mustPort(addr).
    return args.length === 1 && /^(?:strconv|string|int|must|parse|normali[sz]e|trim|clean|abs)/i.test(name)
      ? first
      : UNKNOWN;
  }

  /** `kingpin.Flag("web.listen", "…").Default(":9090").Envar("X").String()`. */
  #chained(
    method: string,
    call: GoExpression & { readonly kind: 'call' },
    at: { readonly first: GoValue; readonly depth: number },
  ): GoValue {
    const on = call.on ? this.value(call.on, at.depth + 1) : UNKNOWN;
    if (method === 'Default') return { ...on, text: at.first.text };
    if (method === 'Envar') return { ...on, env: [...on.env, ...texts([at.first])] };
    return on;
  }
}

const FLAG = /^(?:String|Int|Int64|Uint|Uint16|Uint64|Flag)P?$/;
export const ENVIRONMENT_NAME = /^[A-Z][A-Z0-9_]+$/;

/** viper's and koanf's settings have a name space of their own. */
export function settingName(key: string): string {
  return `setting:${key.toLowerCase()}`;
}

function texts(values: readonly GoValue[]): readonly string[] {
  return values.flatMap(({ text }) => (text === undefined ? [] : [text]));
}

function joined(values: readonly GoValue[], separator: string): GoValue {
  const known = texts(values);
  return {
    text: known.length === 0 ? undefined : values.map(({ text }) => text ?? '').join(separator),
    env: values.flatMap(({ env }) => env),
    flag: values.find(({ flag }) => flag)?.flag,
  };
}

function firstKnown(values: readonly GoValue[]): GoValue {
  return { ...joined(values, ''), text: values.find(({ text }) => text !== undefined && text !== '')?.text };
}

function formatted([format, ...args]: readonly GoValue[]): GoValue {
  let index = 0;
  const text = format?.text?.replace(/%[-+# 0]*\d*(?:\.\d+)?[a-zA-Z%]/g, (verb) =>
    verb === '%%' ? '%' : (args[index++]?.text ?? ''),
  );
  return { ...joined(args, ''), text };
}
