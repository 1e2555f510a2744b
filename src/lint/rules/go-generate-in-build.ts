import type { ShellCommand } from '../../shell/shell-command.ts';
import type { Rule } from '../rule.ts';
import { type GoCommand, goBuilds, goCommands } from '../subject/go-build.ts';
import { lineage } from '../subject/lineage.ts';
import type { LintStage } from '../subject/lint-subject.ts';

/** Generated code that is not in the repository is reviewed by nobody, and needs its generators in every build. */
export const goGenerateInBuild: Rule = {
  name: 'go-generate-in-build',
  family: 'go',
  severity: 'info',
  level: 'strict',
  summary: 'go generate makes sources while the image is built',

  *check(subject) {
    const builds = goBuilds(subject);
    for (const { verb, verbWord, stage, command } of goCommands(subject)) {
      if (verb !== 'generate' || !builds.some((build) => isBuiltOn(build, stage, command))) continue;
      yield {
        message: 'go generate writes code inside the build: what is compiled need not be what the repository holds.',
        range: subject.text.rangeOf(verbWord.start, verbWord.end),
        hint: 'Commit what is generated, and let CI check that generating again changes nothing.',
      };
    }
  },
};

/** A stage that only generates, for somebody to commit or to compare, is how it should be. */
function isBuiltOn(build: GoCommand, stage: LintStage, { start }: ShellCommand): boolean {
  return lineage(build.stage).includes(stage) && build.command.start > start;
}
