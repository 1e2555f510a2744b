import type { Rule } from '../rule.ts';
import { mountsOf } from '../subject/go-build.ts';
import { lineage } from '../subject/lineage.ts';
import type { LintStage } from '../subject/lint-subject.ts';
import { stepsOf } from '../subject/steps.ts';

/** A token in a build argument is in the history of the image, or in the layer that git's configuration lies in. */
export const goPrivateCredentials: Rule = {
  name: 'go-private-credentials',
  family: 'go',
  severity: 'error',
  level: 'default',
  summary: 'A token for private modules comes in by ARG or ENV and stays in the image or its cache',

  *check(subject) {
    for (const { step, stage } of stepsOf(subject, 'RUN')) {
      if (mountsOf(step).some(({ type }) => type === 'secret')) continue;
      for (const command of step.commands) {
        const text = subject.text.text.slice(command.start, command.end);
        const isGit = command.name === 'git' && /insteadOf/i.test(text) && /:\/\/[^/\s]*@/.test(text);
        const isNetrc = /\.netrc/.test(text) && command.name !== 'rm' && /password|login/i.test(text);
        const variable = /\$\{?(\w+)/.exec(text.replace(/\$\{?HOME\b/g, ''))?.[1];
        if ((!isGit && !isNetrc) || variable === undefined || !isArgument(stage, variable)) continue;
        yield {
          message: `${variable} is written into ${isGit ? "git's configuration" : '.netrc'} from a build argument, which the image's history or the build cache keeps.`,
          range: subject.text.rangeOf(command.start, command.end),
          hint: 'Use RUN --mount=type=secret,id=netrc,target=/root/.netrc go mod download, and slipway build --secret id=netrc,src=….',
        };
      }
    }
  },
};

function isArgument(stage: LintStage, variable: string): boolean {
  return lineage(stage).some(({ steps }) =>
    steps.some(({ instruction }) => {
      if (instruction.kind === 'ARG') return instruction.args.some(({ name }) => name.text === variable);
      return instruction.kind === 'ENV' && instruction.pairs.some(({ key }) => key.text === variable);
    }),
  );
}
