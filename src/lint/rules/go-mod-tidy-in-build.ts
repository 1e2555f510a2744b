import type { Rule } from '../rule.ts';
import { goCommands } from '../subject/go-build.ts';

/** Tidying is an edit of go.mod and go.sum; an image built from edited files is not built from the repository. */
export const goModTidyInBuild: Rule = {
  name: 'go-mod-tidy-in-build',
  family: 'go',
  severity: 'warning',
  level: 'default',
  summary: 'go mod tidy rewrites go.mod and go.sum while the image is built',

  *check(subject) {
    for (const { verb, command, verbWord } of goCommands(subject)) {
      if (verb !== 'mod tidy' && verb !== 'mod init') continue;
      yield {
        message: `go ${verb} writes go.mod inside the build, so that the image has dependencies that the repository does not name.`,
        range: subject.text.rangeOf(command.nameWord?.start ?? verbWord.start, verbWord.end),
        hint: `Run go ${verb} where the sources are kept and commit go.mod and go.sum; here, go mod download is enough.`,
      };
    }
  },
};
