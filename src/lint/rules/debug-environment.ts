import type { Rule } from '../rule.ts';
import { lineage } from '../subject/lineage.ts';
import { isForDevelopment } from '../subject/stage-purpose.ts';
import { stepsIn } from '../subject/steps.ts';

const DEBUG: Readonly<Record<string, RegExp>> = {
  GIN_MODE: /^debug$/,
  APP_ENV: /^(?:dev|development|debug)$/,
  GO_ENV: /^(?:dev|development|debug)$/,
  LOG_LEVEL: /^(?:debug|trace)$/i,
  DEBUG: /^(?:1|true|\*)$/i,
};

/** What ships should say so by default. */
export const debugEnvironment: Rule = {
  name: 'debug-environment',
  family: 'production',
  severity: 'info',
  level: 'strict',
  summary: 'ENV makes the image that ships run in a mode for development',

  *check(subject) {
    if (isForDevelopment(subject, subject.target)) return;
    for (const stage of lineage(subject.target)) {
      for (const { instruction } of stepsIn(stage, 'ENV')) {
        for (const { key, value } of instruction.pairs) {
          if (!Object.hasOwn(DEBUG, key.text) || !DEBUG[key.text]?.test(value.text)) continue;
          yield {
            message: `${key.text}=${value.text} is for development, and holds wherever the image runs.`,
            range: value.range,
            hint: 'Leave it away, or set the mode of production, and let developers set theirs.',
          };
        }
      }
    }
  },
};
