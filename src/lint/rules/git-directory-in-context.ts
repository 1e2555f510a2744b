import type { Rule } from '../rule.ts';
import { findSentInVain } from '../subject/sent-in-vain.ts';
import { runCommands } from '../subject/steps.ts';

/** Each commit, fetch and stash changes it; and the image gets the whole history, with what was once committed by mistake. */
export const gitDirectoryInContext: Rule = {
  name: 'git-directory-in-context',
  family: 'context',
  severity: 'warning',
  level: 'default',
  summary: 'The history of the repository is copied with the sources',

  *check(subject) {
    for (const { command } of runCommands(subject)) {
      // Versions are often read from it, by git itself, by a makefile, or by go build for its stamp.
      if (
        /^(?:git|make|goreleaser|task|mage|go)$/.test(command.name) &&
        command.args.some(({ text }) => /^(?:describe|rev-parse|log|-buildvcs=true)$/.test(text))
      )
        return;
      if (/^(?:make|goreleaser|task|mage|just)$/.test(command.name) || /\.sh$/.test(command.name)) return;
    }
    yield* findSentInVain(subject, {
      what: 'Files of git',
      isOne: ({ path }) => /^\.git\//.test(path),
      patterns: () => ['.git'],
    });
  },
};
