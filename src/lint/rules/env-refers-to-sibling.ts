import type { Rule } from '../rule.ts';
import { expandKnown } from '../subject/stage-steps.ts';
import { stepsOf } from '../subject/steps.ts';

/** Dockerfile reference, "Environment replacement": a whole instruction sees the values from before it. */
export const envRefersToSibling: Rule = {
  name: 'env-refers-to-sibling',
  family: 'practice',
  severity: 'warning',
  level: 'default',
  summary: 'A variable is set and used in the same ENV, where it still has its old value',
  hadolint: ['DL3044'],

  *check(subject) {
    for (const { step } of stepsOf(subject, 'ENV')) {
      const changed = new Map<string, string>();
      for (const { key, value } of step.instruction.pairs) {
        const used = [...changed.keys()].find((name) => refersTo(value.text, name));
        if (used !== undefined) {
          yield {
            message: `${key.text} gets the old value of ${used} (${JSON.stringify(step.variables.get(used))}), not the one set in front of it.`,
            range: value.range,
            hint: `Set ${used} in an ENV of its own above.`,
          };
        }
        // What is not known here at all is BuildKit's UndefinedVar.
        const old = step.variables.get(key.text);
        const isExtension = refersTo(value.text, key.text);
        if (old !== undefined && !isExtension && expandKnown(value.text, step.variables) !== old)
          changed.set(key.text, old);
      }
    }
  },
};

function refersTo(text: string, name: string): boolean {
  return text.includes(name) && new RegExp(`(?<!\\\\)\\$(?:${name}\\b|\\{${name}\\b)`).test(text);
}
