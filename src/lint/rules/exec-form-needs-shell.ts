import type { Rule } from '../rule.ts';
import { stepsOf } from '../subject/steps.ts';

const SHELLS =
  /(?:^|\/)(?:sh|ash|bash|dash|zsh|ksh|cmd|cmd\.exe|powershell|powershell\.exe|pwsh|env|dumb-init|tini|gosu|su-exec|su)$/;
const OPERATORS = new Set(['&&', '||', ';', '|', '>', '>>', '2>&1', '<', '&']);

/** The exec form runs the program itself: nobody expands variables or knows operators. */
export const execFormNeedsShell: Rule = {
  name: 'exec-form-needs-shell',
  family: 'practice',
  severity: 'warning',
  level: 'default',
  summary: 'The exec form holds a variable or an operator that only a shell understands',

  *check(subject) {
    for (const { step } of stepsOf(subject, 'RUN', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK')) {
      const { command } = step.instruction;
      if (command?.form !== 'exec') continue;
      const [program = '', ...args] = command.argv;
      // A shell, or a program that starts one, may get its text in any word.
      if (command.argv.some((word) => SHELLS.test(word))) continue;
      const word = [program, ...args].find(
        (text) =>
          OPERATORS.has(text) || /^\$(?:\w+|\{\w+\})(?:$|\/)/.test(text) || /^--?[\w-]+=\$\{?\w+\}?$/.test(text),
      );
      if (word === undefined) continue;
      const kind = word.includes('$') ? 'is not expanded' : 'is handed on as it stands';
      yield {
        message: `${JSON.stringify(word)} ${kind}: the exec form has no shell.`,
        range: command.range,
        hint: 'Write ["/bin/sh", "-c", "exec …"], or the value itself.',
      };
    }
  },
};
