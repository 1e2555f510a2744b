import type { Rule } from '../rule.ts';
import { releaseBuilds } from '../subject/go-build.ts';
import { programOf } from '../subject/subject-module.ts';

/** Files that import "C" are left out without cgo: the build fails, or the program does when it starts. */
export const goCgoDisabled: Rule = {
  name: 'go-cgo-disabled',
  family: 'go',
  severity: 'warning',
  level: 'default',
  summary: 'The program needs cgo, and is built without it',

  *check(subject) {
    for (const build of releaseBuilds(subject)) {
      if (build.env.get('CGO_ENABLED') !== '0') continue;
      const program = programOf(build, subject);
      const use = program?.cgo.find(
        ({ kind, name }) => kind === 'module' && /mattn\/go-sqlite3|confluent-kafka-go/.test(name),
      );
      if (!use) continue;
      yield {
        message: `${use.at.path}:${use.at.line} uses ${use.name}, which does not work with CGO_ENABLED=0.`,
        range: subject.text.rangeOf(build.command.start, build.command.end),
        hint: 'Build with cgo on a base with the same C library (distroless base, or Alpine for both), or take a module in pure Go.',
      };
    }
  },
};
