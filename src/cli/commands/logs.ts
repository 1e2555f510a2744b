import type { Command } from 'commander';
import { stripControl } from '../../diagnostics/redact.ts';
import type { CommandContext, CommandModule } from '../command.ts';
import { rootFlag } from '../flags/common-flags.ts';
import { storeRoot } from '../store-root.ts';

interface LogsFlags {
  readonly build?: string;
  readonly step?: string;
  readonly root?: string;
}

export const command: CommandModule = {
  configure(command: Command) {
    command
      .argument('[build]', 'id of a build, the name or id of the image it made, or "last"')
      .option('--build <build>', 'the same, for scripts that say what they mean')
      .option('--step <step>', 'only this step: its number, or its place such as "builder 4"');
    rootFlag(command).addHelpText(
      'after',
      '\nExamples:\n  slipway logs --build last\n  slipway logs hello --step "builder 6"',
    );
  },

  async run({ env, stdout }: CommandContext, [name], options) {
    const flags = options as unknown as LogsFlags;
    const { buildLogs } = await import('../../explain/build-logs.ts');
    const build = flags.build ?? name ?? 'last';
    const logs = buildLogs({ storeRoot: storeRoot(env, flags.root), build, step: flags.step });
    for (const { step, output } of logs) {
      const text = output.toString();
      // One step alone is for programs: its bytes and nothing else.
      if (flags.step === undefined)
        stdout.write(`${stdout.colors.bold(`#${step.number} [${step.place}] ${step.text}`)}\n`);
      stdout.write(stdout.isTerminal ? withoutControl(text) : text);
      if (flags.step === undefined) stdout.write(text === '' || text.endsWith('\n') ? '\n' : '\n\n');
    }
    return 0;
  },
};

/** On a terminal foreign text must not move the cursor; colours of a program are lost with that. */
function withoutControl(text: string): string {
  return text
    .split('\n')
    .map((line) => stripControl(line.replace(/\u001b\[[\d;]*[A-Za-z]/g, '')))
    .join('\n');
}
