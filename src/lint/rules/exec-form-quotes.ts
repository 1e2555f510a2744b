import { fixOf } from '../fix/run-edits.ts';
import type { Rule } from '../rule.ts';
import { stepsOf } from '../subject/steps.ts';

/** What is no JSON is taken for a shell's text, brackets and quotes included. */
export const execFormQuotes: Rule = {
  name: 'exec-form-quotes',
  family: 'practice',
  severity: 'error',
  level: 'default',
  summary: 'What looks like the exec form is no JSON, and so is run by a shell as it stands',

  *check(subject) {
    for (const { step } of stepsOf(subject, 'RUN', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK')) {
      const { command } = step.instruction;
      if (command?.form !== 'shell' || command.heredocs.length > 0) continue;
      const text = command.command.trim();
      // `[ -f x ]` is a test; here the first thing in the brackets is quoted and a comma or the end follows.
      if (!/^\[\s*(?:'[^']*'|"[^"]*"|[“”][^“”]*[“”])\s*(?:,|\])/.test(text) || !/\],?$/.test(text)) continue;
      const words = [...text.matchAll(/'([^'"\\]*)'|"([^"\\]*)"/g)].map(([, single, double]) => single ?? double ?? '');
      const isPlain = /^\[\s*(?:'[^'"\\]*'|"[^"\\]*")(?:\s*,\s*(?:'[^'"\\]*'|"[^"\\]*"))*\s*,?\s*\]$/.test(text);
      const edit = {
        start: subject.text.offsetAt(command.range.start),
        end: subject.text.offsetAt(command.range.end),
        text: `[${words.map((word) => JSON.stringify(word)).join(', ')}]`,
      };
      yield {
        message: `${text.length > 60 ? `${text.slice(0, 60)}…` : text} is no JSON: a shell is asked to run it.`,
        range: command.range,
        hint: 'Use double quotes, a comma between the words, and none behind the last.',
        fix: isPlain ? fixOf('Write it as JSON', 'suggested', [edit]) : undefined,
      };
    }
  },
};
