import type { Fix } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { stageTraits } from '../subject/base-traits.ts';
import { flagOf, type GoCommand, goCommands } from '../subject/go-build.ts';
import type { LintSubject } from '../subject/lint-subject.ts';

/** go get edits go.mod: in a build nobody sees the edit, and since Go 1.18 it installs nothing. */
export const goGetInBuild: Rule = {
  name: 'go-get-in-build',
  family: 'go',
  severity: 'warning',
  level: 'default',
  summary: 'go get changes the dependencies while the image is built',

  *check(subject) {
    for (const command of goCommands(subject)) {
      // Before Go 1.16 it was the way to install.
      if (command.verb !== 'get' || flagOf(command, 'tool') || isBefore116(command)) continue;
      const { verbWord, isExec, operands } = command;
      const isWhole = operands.every(({ text }) => /^\.\/?(?:\.\.\.)?$/.test(text));
      yield {
        message: isWhole
          ? 'go get may edit go.mod inside the build, where nobody sees what changed.'
          : `go get ${operands[0]?.text} is for changing go.mod; since Go 1.18 it installs no program.`,
        range: subject.text.rangeOf(verbWord.start, verbWord.end),
        hint: isWhole
          ? 'Use go mod download: it fetches what go.mod and go.sum say, and no more.'
          : 'For a program use go install …@version; for a dependency run go get where go.mod is kept.',
        ...(isWhole && !isExec && { fix: downloadFix(subject, command) }),
      };
    }
  },
};

/** Only where go.mod is known to be there: without one, go get was the way of GOPATH. */
function downloadFix({ context }: LintSubject, { verbWord, command }: GoCommand): Fix | undefined {
  if (context?.readText('go.mod') === undefined) return undefined;
  return {
    title: 'Use go mod download',
    safety: 'suggested',
    edits: [{ start: verbWord.start, end: command.end, text: 'mod download' }],
  };
}

function isBefore116({ stage }: GoCommand): boolean {
  return Number(/^1\.(\d+)/.exec(stageTraits(stage)?.go?.version ?? '')?.[1] ?? Infinity) < 16;
}
