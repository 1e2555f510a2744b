import { removeWord } from '../fix/edits.ts';
import type { Rule } from '../rule.ts';
import { flagOf, goBuilds, isForDebugger } from '../subject/go-build.ts';
import { isForDevelopment } from '../subject/stage-purpose.ts';

/** Builds for a debugger or the race detector are several times slower and larger than they need to be. */
export const goDebugBuild: Rule = {
  name: 'go-debug-build',
  family: 'go',
  severity: 'warning',
  level: 'default',
  summary: 'The binary is compiled for a debugger or the race detector',

  *check(subject) {
    for (const build of goBuilds(subject)) {
      if (!build.stage.isNeeded || isForDevelopment(subject, build.stage)) continue;
      const flag = flagOf(build, 'race') ?? (isForDebugger(build) ? flagOf(build, 'gcflags') : undefined);
      if (!flag) continue;
      const isRace = flag.name === 'race';
      yield {
        message: isRace
          ? 'go build -race makes a binary that runs several times slower and takes several times the memory.'
          : `-gcflags "${flag.value}" turns optimisation or inlining off in the binary that ships.`,
        range: subject.text.rangeOf(flag.start, flag.end),
        hint: 'Keep such builds in a stage of their own (FROM build AS debug) and ship the plain one.',
        ...(!build.isExec && {
          fix: { title: `Remove -${flag.name}`, safety: 'suggested', edits: [removeWord(subject, flag)] },
        }),
      };
    }
  },
};
