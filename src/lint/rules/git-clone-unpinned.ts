import { type ShellCommand, wrappedCommand } from '../../shell/shell-command.ts';
import type { Rule } from '../rule.ts';
import { flagValue, parseArgs } from '../subject/command-line.ts';
import type { LintStep } from '../subject/lint-subject.ts';
import { stepsIn, stepsOf } from '../subject/steps.ts';

const VALUED = [
  '-b',
  '--branch',
  '--depth',
  '-c',
  '--config',
  '-o',
  '--origin',
  '--filter',
  '-j',
  '--jobs',
  '--revision',
  '--reference',
];
/** What brings a clone to a known commit. */
const MOVES = new Set(['checkout', 'switch', 'reset', 'fetch', 'submodule', 'worktree', 'am', 'apply']);

/** The branch moves, the cached layer does not: what is built depends on when it was first built. */
export const gitCloneUnpinned: Rule = {
  name: 'git-clone-unpinned',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: "git clone takes the default branch's newest commit, whatever that is that day",

  *check(subject) {
    for (const { step, stage } of stepsOf(subject, 'RUN')) {
      const runs = stepsIn(stage, 'RUN');
      const next = runs[runs.indexOf(step) + 1];
      const words = [step, ...(next ? [next] : [])].flatMap(gitCalls).flatMap(({ args }) => args);
      if (words.some(({ text }) => MOVES.has(text))) continue;
      for (const command of gitCalls(step)) {
        const [verb, source] = parseArgs(command, VALUED).operands;
        if (verb?.text !== 'clone' || !source || flagValue(command, '-b', '--branch', '--revision')) continue;
        if (!/^(?:https?|git|ssh):\/\/|^git@/.test(source.text) || command.args.some(({ text }) => /^-b./.test(text)))
          continue;
        yield {
          message: `git clone of ${repositoryOf(source.text)} names no tag or commit.`,
          range: subject.text.rangeOf(command.start, command.end),
          hint: 'Add --branch <tag>, check out a commit, or use ADD <repository>#<commit>.',
        };
      }
    }
  },
};

function gitCalls({ commands }: LintStep): readonly ShellCommand[] {
  return commands.map(wrappedCommand).filter(({ name }) => name === 'git');
}

function repositoryOf(url: string): string {
  return url.replace(/^\w+:\/\/(?:[^/@]*@)?|^git@/, '').replace(/\.git$/, '');
}
