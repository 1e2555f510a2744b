import { type Command, Option } from 'commander';
import { parseBool } from '../../dockerfile/go-number.ts';
import { usageError } from './csv-fields.ts';
import { oneOf } from './one-of.ts';

/** A flag that can also be set for all commands by a variable of the environment; the flag itself comes first. */
export class Setting extends Option {
  /** The first of them that is set and not empty counts. */
  readonly variables: readonly string[];

  constructor(flags: string, description: string, variables: readonly string[]) {
    super(flags, description);
    this.variables = variables;
  }
}

/** Gives flags their values from the environment, before the command line is read. @throws KnownError USAGE */
export function applySettings(command: Command, env: NodeJS.ProcessEnv): void {
  for (const option of command.options) {
    if (!(option instanceof Setting)) continue;
    const variable = option.variables.find((name) => env[name]);
    if (variable === undefined) continue;
    command.setOptionValueWithSource(
      option.attributeName(),
      settingValue(option, variable, env[variable] ?? ''),
      'env',
    );
  }
}

function settingValue(option: Setting, variable: string, text: string): unknown {
  if (option.required) return option.parseArg ? parseSetting(option, variable, text) : text;
  const value = parseBool(text);
  if (value === undefined) throw usageError(`${variable}=${text} is neither true nor false.`);
  return value;
}

function parseSetting(option: Setting, variable: string, text: string): unknown {
  const { argChoices } = option;
  return argChoices ? oneOf(variable, text, argChoices) : option.parseArg?.(text, option.defaultValue);
}

/** A flag whose values are known. `named` is what errors call it. */
export function oneOfFlag<O extends Option>(option: O, values: readonly string[]): O {
  option.choices(values);
  option.argParser((value: string) => oneOf(option.long ?? option.flags, value, values));
  return option;
}
