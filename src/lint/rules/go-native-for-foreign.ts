import { insertAt, insertBefore } from '../fix/edits.ts';
import type { Rule } from '../rule.ts';
import type { GoCommand } from '../subject/go-build.ts';
import { shippedBinaries } from '../subject/shipped-binaries.ts';

/** A stage on the builder's platform that compiles for it puts that binary into images for others. */
export const goNativeForForeign: Rule = {
  name: 'go-native-for-foreign',
  family: 'go',
  severity: 'warning',
  level: 'default',
  summary: 'The build stage runs on the build platform and compiles for it, whatever the image is for',

  *check(subject) {
    const seen = new Set<number>();
    for (const { build } of shippedBinaries(subject, subject.target)) {
      const { stage, env, command, step, isExec, verb } = build;
      if (!isOnBuildPlatform(build) || env.has('GOARCH') || seen.has(command.start)) continue;
      if (
        /(?:TARGET(?:ARCH|PLATFORM)|\bxx-)/.test(stage.steps.map(({ instruction }) => instruction.original).join('\n'))
      )
        continue;
      seen.add(command.start);
      const at = command.assignments[0]?.start ?? command.nameWord?.start;
      const edits =
        at === undefined
          ? []
          : [
              insertBefore(subject, step.instruction, ['ARG TARGETOS TARGETARCH']),
              insertAt(at, 'GOOS=$TARGETOS GOARCH=$TARGETARCH '),
            ];
      yield {
        message: `go ${verb} compiles for the machine that builds: an image for another platform gets that binary.`,
        range: subject.text.rangeOf(command.start, command.end),
        hint: 'Declare ARG TARGETOS TARGETARCH and set GOOS=$TARGETOS GOARCH=$TARGETARCH in front of go build.',
        ...(!isExec && { fix: { title: 'Compile for the target platform', safety: 'suggested', edits } as const }),
      };
    }
  },
};

function isOnBuildPlatform({ stage: { from } }: GoCommand): boolean {
  return from.flags.some(({ name, value }) => name === 'platform' && /^\$\{?BUILDPLATFORM\b/.test(value ?? ''));
}
