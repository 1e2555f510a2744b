import type { Option } from 'commander';
import { COMMANDS, type CommandEntry } from './command-table.ts';
import { declareCommand, usageLine, visibleOptions } from './declare-command.ts';

/** docs/commands.md, from the same declarations as help: every command with its arguments and flags. */
export async function referencePage(): Promise<string> {
  const sections = await Promise.all(COMMANDS.map(commandSection));
  return [INTRODUCTION, ...groups(), ...sections].join('\n');
}

const INTRODUCTION = `# Commands

\`slipway help COMMAND\` shows the same in the terminal, \`slipway help CODE\` what an error means; \`slipway completion bash\` (or zsh,
fish) writes a script that completes commands, flags, images and stages. What docker's build flags do here, and every
setting: [flags.md](flags.md). Exit codes: 0; 1 the work failed; 2 wrong usage; \`run\` passes on the container's, with 125, 126
and 127 as docker has them.
`;

function groups(): readonly string[] {
  return [...new Set(COMMANDS.map(({ group }) => group))].map((group) => {
    const entries = COMMANDS.filter((entry) => entry.group === group);
    const rows = entries.map(
      ({ name, summary }) => `| [\`slipway ${name}\`](#slipway-${name.replaceAll(' ', '-')}) | ${cell(summary)} |\n`,
    );
    return `| ${group} | |\n|---|---|\n${rows.join('')}`;
  });
}

async function commandSection(entry: CommandEntry): Promise<string> {
  const { command } = await declareCommand(entry);
  const args = command.registeredArguments.map(
    (argument) => `| \`${argument.name()}\` | ${cell(argument.description)} |\n`,
  );
  const options = visibleOptions(command).map((option) => `| \`${option.flags}\` | ${cell(optionText(option))} |\n`);
  const rows = [...args, ...options].join('');
  return `## slipway ${entry.name}\n\n${entry.summary}.\n\n    ${usageLine(command)}\n${rows === '' ? '' : `\n| | |\n|---|---|\n${rows}`}`;
}

function optionText({ description, defaultValue }: Option): string {
  const isWorthSaying = typeof defaultValue === 'string' && !description.includes('default');
  return isWorthSaying ? `${description} (default: ${defaultValue})` : description;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
