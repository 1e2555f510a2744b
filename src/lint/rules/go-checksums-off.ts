import type { Finding } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { shellAssignments } from '../subject/go-environment.ts';
import type { LintSubject } from '../subject/lint-subject.ts';
import { expandKnown } from '../subject/stage-steps.ts';
import { stepsOf } from '../subject/steps.ts';

/** What turns the checksum database or TLS off for modules of everybody; undefined for a harmless value. */
const OFF: Readonly<Record<string, (value: string) => boolean>> = {
  GOSUMDB: (value) => value === 'off',
  GONOSUMCHECK: (value) => value !== '' && value !== '0',
  GONOSUMDB: isEverybody,
  GOINSECURE: isEverybody,
  GOFLAGS: (value) => /(?:^|\s)--?insecure(?:$|\s)/.test(value),
};

/** Modules whose checksums nobody compares can be replaced on their way. */
export const goChecksumsOff: Rule = {
  name: 'go-checksums-off',
  family: 'go',
  severity: 'warning',
  level: 'default',
  summary: 'Downloaded modules are not checked against the checksum database',

  *check(subject) {
    for (const { step } of stepsOf(subject, 'ENV'))
      for (const { key, value } of step.instruction.pairs)
        yield* judge(subject, key.text, {
          value: expandKnown(value.text, step.variables),
          start: subject.text.offsetAt(key.range.start),
          end: subject.text.offsetAt(value.range.end),
        });
    for (const { name, value, word } of shellAssignments(subject.stages))
      yield* judge(subject, name, { value, start: word.start, end: word.end });
  },
};

interface Setting {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

function* judge({ text }: LintSubject, name: string, { value, start, end }: Setting): Generator<Finding> {
  if (!Object.hasOwn(OFF, name) || !OFF[name]?.(value)) return;
  yield {
    message: `${name}=${value} lets a module in that is not the one everybody else has.`,
    range: text.rangeOf(start, end),
    hint: 'For private modules name their hosts only: GOPRIVATE=git.example.com.',
  };
}

function isEverybody(value: string): boolean {
  return value
    .split(',')
    .some((pattern) => /^\*+(?:\/\*+)*$/.test(pattern) || /^(?:github\.com|golang\.org)$/.test(pattern));
}
