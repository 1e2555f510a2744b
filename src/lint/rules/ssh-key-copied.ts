import type { Rule } from '../rule.ts';
import { contextSources } from '../subject/copied-files.ts';
import { isSshKey } from '../subject/ssh-keys.ts';
import { stepsOf } from '../subject/steps.ts';

/** Whoever has the image has the key. */
export const sshKeyCopied: Rule = {
  name: 'ssh-key-copied',
  family: 'secret',
  severity: 'error',
  level: 'default',
  summary: 'A private key of SSH is put into a layer, where an agent could be mounted',

  *check(subject) {
    for (const { word, path } of contextSources(subject)) {
      if (!isSshKey(path)) continue;
      yield { message: `${word.text} puts a private key into the image.`, range: word.range, hint: HINT };
    }
    for (const { step } of stepsOf(subject, 'RUN')) {
      for (const { name, redirections, start, end } of step.commands) {
        const target = redirections.find(
          ({ operator, target: file }) => /^>>?$/.test(operator) && file && isSshKey(file.text),
        )?.target;
        if (!target || !/^(?:echo|printf|cat|base64|)$/.test(name)) continue;
        yield {
          message: `${name || 'RUN'} writes a private key to ${target.text}.`,
          range: subject.text.rangeOf(start, end),
          hint: HINT,
        };
      }
    }
  },
};

const HINT = 'Use RUN --mount=type=ssh, and build with --ssh default.';
