import type { RunInstruction } from '../../dockerfile/ast.ts';
import { type ShellCommand, type ShellWord, wrappedCommand } from '../../shell/shell-command.ts';
import type { LintStage, LintStep, LintSubject } from './lint-subject.ts';
import { pipeReader } from './pipe-reader.ts';
import { remembered } from './remembered.ts';
import { stepsOf } from './steps.ts';

/** A call of curl or wget. */
export interface Download {
  readonly command: ShellCommand;
  readonly program: 'curl' | 'wget';
  readonly urls: readonly ShellWord[];
  /** The command that reads its output through a pipe. */
  readonly readBy: ShellCommand | undefined;
}

/** The downloads of a RUN, in order. */
export const downloadsIn = remembered(({ commands }: LintStep): readonly Download[] => {
  return commands.flatMap((written, index) => {
    const command = wrappedCommand(written);
    const { name } = command;
    if (name !== 'curl' && name !== 'wget') return [];
    const urls = command.args.filter(({ text }) => /^(?:https?|ftp):\/\//i.test(text));
    return [{ command, program: name, urls, readBy: pipeReader(commands, index) } as const];
  });
});

export function* downloadsOf(subject: LintSubject): Generator<{
  readonly download: Download;
  readonly step: LintStep<RunInstruction>;
  readonly stage: LintStage;
}> {
  for (const { step, stage } of stepsOf(subject, 'RUN'))
    for (const download of downloadsIn(step)) yield { download, step, stage };
}

/** This machine, or one that the build itself has started. */
export function isLocalUrl(url: string): boolean {
  return /^\w+:\/\/(?:localhost|127\.|\[::1\]|0\.0\.0\.0|[\w-]+(?::\d+)?(?:\/|$))/i.test(url);
}
