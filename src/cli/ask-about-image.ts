import { createInterface } from 'node:readline/promises';
import { shippedPrograms } from '../generate/choose-programs.ts';
import { BASES, type GenerateOptions } from '../generate/image-plan.ts';
import type { GoModule } from '../golang/module/go-module.ts';
import type { CommandContext } from './command.ts';

/** What no flag has said, asked in a terminal; Enter takes the default, which is what `--yes` takes. */
export async function askAboutImage(
  context: CommandContext,
  module: GoModule,
  options: GenerateOptions,
): Promise<GenerateOptions> {
  const { stdin, stderr, signal } = context;
  // The terminal itself shows what is typed: without an output, readline leaves that to it.
  const lines = createInterface({ input: stdin });
  const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  try {
    const ask = async (question: string, isKnown: (answer: string) => boolean): Promise<string | undefined> => {
      for (;;) {
        stderr.write(question);
        const answer = (await Promise.race([lines.question('', { signal }), ended])).trim();
        if (answer === '') return undefined;
        if (isKnown(answer)) return answer;
      }
    };
    const main = options.main ?? (await askForProgram(module, ask));
    const base =
      options.base ??
      (await ask(`Base (${BASES.join(', ')}) [the smallest it runs in]: `, (answer) =>
        BASES.some((known) => known === answer),
      ));
    return { ...options, main, base: BASES.find((known) => known === base) };
  } finally {
    lines.close();
  }
}

type Ask = (question: string, isKnown: (answer: string) => boolean) => Promise<string | undefined>;

async function askForProgram(module: GoModule, ask: Ask): Promise<string | undefined> {
  const shipped = shippedPrograms(module);
  if (shipped.length < 2) return undefined;
  const names = shipped.map(({ binary }) => binary);
  return ask(`Program (${names.join(', ')}) [all, a target each]: `, (answer) => names.includes(answer));
}
