import type { CheckFix } from '../check-fix.ts';
import { fixOf, replaceRange } from '../run-edits.ts';

/** What only a shell knows; a command that begins with one of these is not a program. */
const BUILTINS = /^(?:cd|exec|export|source|\.|set|eval|trap|ulimit|umask|exit|test|\[|:|if|for|while|case|\{|\()$/;

/**
 * Only a single program with plain arguments: no variable, operator, glob or quote that a shell would work on. Suggested,
 * because a signal then ends the program itself, and ENTRYPOINT takes what CMD says.
 */
export const jsonArgsRecommended: CheckFix = {
  check: 'JSONArgsRecommended',
  fix({ instruction, subject }) {
    if (instruction.kind !== 'CMD' && instruction.kind !== 'ENTRYPOINT') return undefined;
    const { command } = instruction;
    const words = command.form === 'shell' ? plainWords(command.command) : undefined;
    if (!words || BUILTINS.test(words[0] ?? '')) return undefined;
    const text = `[${words.map((word) => JSON.stringify(word)).join(', ')}]`;
    return fixOf('Write it as a JSON array', 'suggested', replaceRange(subject, command.range, text));
  },
};

function plainWords(command: string): readonly string[] | undefined {
  const isPlain = /^(?:[\w./:@%+=,-]+|"[^"$`\\]*"|'[^']*')(?:[ \t]+(?:[\w./:@%+=,-]+|"[^"$`\\]*"|'[^']*'))*$/;
  const text = command.trim();
  // `A=1 program` sets a variable.
  if (!isPlain.test(text) || /^\w+=/.test(text)) return undefined;
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );
}
