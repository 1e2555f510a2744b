import { posix } from 'node:path';
import type { Rule } from '../rule.ts';
import { copiedPaths } from '../subject/copied-paths.ts';
import { type GoCommand, namedOutput } from '../subject/go-build.ts';
import { buildsIn, covers } from '../subject/shipped-binaries.ts';

/** COPY --from takes a path where nothing is, while the binary that was built lies elsewhere. */
export const goOutputNotCopied: Rule = {
  name: 'go-output-not-copied',
  family: 'go',
  severity: 'error',
  level: 'default',
  summary: 'COPY --from takes another path than go build -o writes',

  *check(subject) {
    const copies = subject.stages.flatMap((stage) =>
      copiedPaths(subject, stage).filter((copy) => copy.stage === stage),
    );
    for (const copy of copies) {
      if (!copy.from || /[*?[$]/.test(copy.source)) continue;
      const builds = buildsIn(copy.from);
      const [output, ...others] = new Set(builds.map((build) => namedOutput(build) ?? ''));
      const [build] = builds;
      if (!build || !output || others.length > 0 || isMadeOtherwise(copy.source, build)) continue;
      if (copies.some(({ from, source }) => from === copy.from && (covers(source, output) || /[*?[$]/.test(source))))
        continue;
      if (
        posix.basename(output) !== posix.basename(copy.source) &&
        posix.dirname(output) !== posix.dirname(copy.source)
      )
        continue;
      const { range } = copy.word;
      const start = subject.text.offsetAt(range.start);
      const edits = [{ start, end: start + copy.word.text.length, text: output }];
      yield {
        message: `Nothing is at ${copy.source}: go build writes ${output} (line ${subject.text.positionAt(build.command.start).line}).`,
        range,
        hint: `Copy ${output}.`,
        fix: { title: `Copy ${output}`, safety: 'suggested', edits },
      };
    }
  },
};

/** Another command of the stage names it, or its own sources may have it. */
function isMadeOtherwise(source: string, build: GoCommand): boolean {
  const name = posix.basename(source);
  return build.stage.steps.some(({ instruction, commands }) => {
    if (instruction.kind === 'COPY' || instruction.kind === 'ADD')
      return instruction.sources.some(({ text }) => text.includes(name)) || instruction.destination.text.includes(name);
    return commands.some(
      ({ name: program, args }) =>
        /^(?:make|\.\/|mage|task|sh|bash)/.test(program) ||
        (program !== 'go' && args.some(({ text }) => text.includes(name))),
    );
  });
}
