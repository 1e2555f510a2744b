import { removeInstruction } from '../fix/edits.ts';
import type { Rule } from '../rule.ts';
import { stageTraits } from '../subject/base-traits.ts';
import { shellAssignments } from '../subject/go-environment.ts';
import { stepsOf } from '../subject/steps.ts';

/** GO111MODULE: `on` is the default since Go 1.16, `off` is a mode that ends. */
export const goModuleMode: Rule = {
  name: 'go-module-mode',
  family: 'go',
  severity: 'info',
  level: 'default',
  summary: 'GO111MODULE is set, which modules have not needed since Go 1.16',

  *check(subject) {
    for (const { step, stage } of stepsOf(subject, 'ENV')) {
      if (isOld(stageTraits(stage)?.go?.version)) continue;
      for (const { key, value } of step.instruction.pairs) {
        if (key.text !== 'GO111MODULE' || isLeftToGo(value.text)) continue;
        const isAlone = step.instruction.pairs.length === 1 && value.text === 'on';
        const edits = [removeInstruction(subject, step.instruction)];
        yield {
          ...adviceFor(value.text),
          range: key.range,
          ...(isAlone && { fix: { title: 'Remove GO111MODULE', safety: 'safe', edits } as const }),
        };
      }
    }
    for (const { name, value, word, stage } of shellAssignments(subject.stages)) {
      if (name !== 'GO111MODULE' || isLeftToGo(value) || isOld(stageTraits(stage)?.go?.version)) continue;
      const edits = [{ start: word.start, end: word.end + 1, text: '' }];
      const isInFront =
        subject.text.text.charAt(word.end) === ' ' && value === 'on' && !isExport(subject.text.text, word.start);
      yield {
        ...adviceFor(value),
        range: subject.text.rangeOf(word.start, word.end),
        ...(isInFront && { fix: { title: 'Remove GO111MODULE', safety: 'safe', edits } as const }),
      };
    }
  },
};

function adviceFor(value: string) {
  if (value !== 'off')
    return { message: `GO111MODULE=${value} says what is the default since Go 1.16.`, hint: 'Remove it.' };
  return {
    message: 'GO111MODULE=off builds without go.mod, in the way that modules replaced.',
    hint: 'Add a go.mod (go mod init) and build as a module: versions are then fixed and checked.',
    severity: 'warning',
  } as const;
}

/** With `auto` a folder without go.mod is built as before modules; a variable may be anything. */
function isLeftToGo(value: string): boolean {
  return !/^["']?(?:on|off)["']?$/.test(value);
}

function isOld(version: string | undefined): boolean {
  const minor = Number(/^1\.(\d+)/.exec(version ?? '')?.[1] ?? Infinity);
  return minor < 16;
}

function isExport(text: string, start: number): boolean {
  return /(?:export|-w)[ \t]+$/.test(text.slice(Math.max(0, start - 12), start));
}
