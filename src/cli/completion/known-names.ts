import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { openStore } from '../../distribution/store.ts';
import { parseDockerfile } from '../../dockerfile/dockerfile.ts';
import { familiarReference, parseReference } from '../../image/reference.ts';
import type { CommandContext } from '../command.ts';
import { storeRoot } from '../store-root.ts';

/** Names of the images in the store, as people write them; none when there is no store. */
export function imageNames({ env }: CommandContext): readonly string[] {
  return orNothing(() =>
    openStore(storeRoot(env, undefined))
      .images.references()
      .map(({ name }) => familiarReference(parseReference(name))),
  );
}

export interface CommandWords {
  readonly command: Command;
  readonly words: readonly string[];
  readonly context: Pick<CommandContext, 'cwd'>;
}

/** The named stages of the Dockerfile that the words so far name: by -f, or in the context that is an argument. */
export function stageNames({ command, words, context: { cwd } }: CommandWords): readonly string[] {
  return orNothing(() => {
    const path = resolve(
      cwd,
      flagValue(words, '-f') ?? flagValue(words, '--file') ?? join(contextOf(command, words), 'Dockerfile'),
    );
    const { instructions } = parseDockerfile(readFileSync(path, 'utf8'), { file: path });
    return instructions.flatMap((instruction) =>
      instruction.kind === 'FROM' && instruction.stageName ? [instruction.stageName.text] : [],
    );
  });
}

function flagValue(words: readonly string[], flag: string): string | undefined {
  const attached = words.find((word) => word.startsWith(`${flag}=`));
  if (attached !== undefined) return attached.slice(flag.length + 1);
  const index = words.indexOf(flag);
  return index < 0 ? undefined : words[index + 1];
}

/** The first word that is neither a flag nor a flag's value; the current directory when none is there yet. */
function contextOf(command: Command, words: readonly string[]): string {
  const takesValue = (word: string | undefined) =>
    command.options.some(
      ({ required, long, short }) => required && word !== undefined && (long === word || short === word),
    );
  return words.find((word, index) => !word.startsWith('-') && !takesValue(words[index - 1])) ?? '.';
}

/** A shell that completes wants no errors in the middle of a line. */
function orNothing(names: () => readonly string[]): readonly string[] {
  try {
    return names();
  } catch {
    return [];
  }
}
