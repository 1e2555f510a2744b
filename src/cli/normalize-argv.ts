import type { Command, Option } from 'commander';
import { parseBool } from '../dockerfile/go-number.ts';
import { usageError } from './flags/csv-fields.ts';

/**
 * Rewrites what docker's command line takes and commander does not: `--pull=true`, `--no-cache=false`, `-q=1`, `-t=name`.
 * What stands behind `--`, or behind the image of `run`, belongs to somebody else and stays.
 * @throws KnownError USAGE
 */
export function normalizeArgv(
  command: Command,
  argv: readonly string[],
  { firstArgumentEnds }: { readonly firstArgumentEnds: boolean },
): readonly string[] {
  const normalized: string[] = [];
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? '';
    const isArgument = word === '-' || !word.startsWith('-');
    if (word === '--' || (isArgument && firstArgumentEnds)) return [...normalized, ...argv.slice(index)];
    normalized.push(...(isArgument ? [word] : normalizeFlag(command, word)));
    if (!isArgument && takesNextWord(command, word) && index + 1 < argv.length) normalized.push(argv[++index] ?? '');
  }
  return normalized;
}

function normalizeFlag(command: Command, word: string): readonly string[] {
  const [, name = '', value] = /^(--[^=]+|-[^-=])=(.*)$/s.exec(word) ?? [];
  if (value === undefined) return [withPreset(findOption(command, word), word)];
  const option = findOption(command, name);
  if (option === undefined || mayLackValue(option)) return [word];
  if (option.required) return name.startsWith('--') ? [word] : [`${name}${value}`];
  const given = parseBool(value);
  if (given === undefined) throw usageError(`${name}=${value} is neither true nor false.`);
  return given ? [name] : [];
}

/** A flag whose value may be left out never takes the next word for it: `--fix Dockerfile`. */
function withPreset(option: Option | undefined, word: string): string {
  return option && mayLackValue(option) ? `${word}=${String(option.presetArg ?? '')}` : word;
}

/** Brackets within a value's name (`<source:target[:ro]>`) make commander take it for both. */
function mayLackValue({ optional, required }: Option): boolean {
  return optional && !required;
}

/** The word is a flag whose value is the next one: `-t name`, `-qt name`, `--tag name`. */
function takesNextWord(command: Command, word: string): boolean {
  if (word.startsWith('--')) return findOption(command, word)?.required === true;
  for (let index = 1; index < word.length; index++) {
    const option = findOption(command, `-${word.charAt(index)}`);
    if (option?.required) return index === word.length - 1;
  }
  return false;
}

function findOption(command: Command, name: string): Option | undefined {
  return command.options.find(({ long, short }) => long === name || short === name);
}
