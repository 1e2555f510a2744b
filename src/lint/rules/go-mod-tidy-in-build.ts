import type { Rule } from '../rule.ts';
import { goCommands } from '../subject/go-build.ts';

const MESSAGES = {
  'mod tidy':
    'go mod tidy may write go.mod and go.sum inside the build: the image then has dependencies that the repository does not name.',
  'mod init':
    'go mod init writes go.mod inside the build: the repository says neither the module nor its version of Go.',
} as const;

/** Tidying is an edit of go.mod and go.sum; an image built from edited files is not built from the repository. */
export const goModTidyInBuild: Rule = {
  name: 'go-mod-tidy-in-build',
  family: 'go',
  severity: 'warning',
  level: 'default',
  summary: 'go mod tidy rewrites go.mod and go.sum while the image is built',

  *check(subject) {
    for (const { verb, command, verbWord, mounts } of goCommands(subject)) {
      // What is written to a mount is gone when the step ends.
      if ((verb !== 'mod tidy' && verb !== 'mod init') || mounts.some(({ type }) => type === 'bind')) continue;
      yield {
        message: MESSAGES[verb],
        range: subject.text.rangeOf(command.nameWord?.start ?? verbWord.start, verbWord.end),
        hint: `Run go ${verb} where the sources are kept and commit go.mod and go.sum; here, go mod download is enough.`,
      };
    }
  },
};
