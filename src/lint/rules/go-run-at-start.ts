import type { Rule } from '../rule.ts';
import { effectiveStep } from '../subject/lineage.ts';

/** `go run` as the container's command compiles at each start, with compiler, sources and network at hand. */
export const goRunAtStart: Rule = {
  name: 'go-run-at-start',
  family: 'go',
  severity: 'warning',
  level: 'default',
  summary: 'The container compiles the program whenever it starts',

  *check(subject) {
    for (const kind of ['ENTRYPOINT', 'CMD'] as const) {
      const placed = effectiveStep(subject, kind);
      if (!placed) continue;
      const run = placed.step.commands.find(({ name, args }) => /(?:^|\/)go$/.test(name) && args[0]?.text === 'run');
      if (!run) continue;
      yield {
        message: `${kind} runs "go run": every start compiles first, and go stands between the program and its signals.`,
        range: subject.text.rangeOf(run.start, run.end),
        hint: 'Compile with go build -o while the image is built, and start the binary.',
      };
    }
  },
};
