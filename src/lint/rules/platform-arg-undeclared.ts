import { insertBefore } from '../fix/edits.ts';
import type { Rule } from '../rule.ts';
import { lineage } from '../subject/lineage.ts';
import type { LintStage } from '../subject/lint-subject.ts';
import { stepsIn } from '../subject/steps.ts';

const NAMES =
  /\$(?:\{((?:TARGET|BUILD)(?:PLATFORM|OS|ARCH|VARIANT))(?=\})|((?:TARGET|BUILD)(?:PLATFORM|OS|ARCH|VARIANT))\b)/g;

/** The platform's variables exist in a stage only where an ARG names them. */
export const platformArgUndeclared: Rule = {
  name: 'platform-arg-undeclared',
  family: 'go',
  severity: 'error',
  level: 'default',
  summary: 'A variable of the platform is used in a stage that does not declare it, where it is empty',

  *check(subject) {
    for (const stage of subject.stages) {
      for (const step of stepsIn(stage, 'RUN')) {
        const { range, command } = step.instruction;
        if (command.form === 'exec') continue;
        const text = subject.text.slice(range);
        const used = new Set([...text.matchAll(NAMES)].map(([, braced, plain]) => braced ?? plain ?? ''));
        const assigned = new Set([...text.matchAll(/\b(\w+)=/g)].map(([, name]) => name));
        const missing = [...used].filter((name) => !isDeclared(stage, name, range.start.line) && !assigned.has(name));
        if (missing.length === 0) continue;
        const fix = insertBefore(subject, step.instruction, [`ARG ${missing.join(' ')}`]);
        yield {
          message: `${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} empty here: the stage has no ARG for ${missing.length > 1 ? 'them' : 'it'}.`,
          range: step.instruction.keywordRange,
          hint: `Write ARG ${missing.join(' ')} in this stage, before the RUN; one before FROM does not reach into it.`,
          fix: { title: `Declare ${missing.join(' and ')}`, safety: 'safe', edits: [fix] },
        };
      }
    }
  },
};

function isDeclared(stage: LintStage, name: string, line: number): boolean {
  return lineage(stage).some(({ steps }) =>
    steps.some(({ instruction }) => {
      if (instruction.range.start.line > line) return false;
      if (instruction.kind === 'ARG') return instruction.args.some((arg) => arg.name.text === name);
      return instruction.kind === 'ENV' && instruction.pairs.some(({ key }) => key.text === name);
    }),
  );
}
