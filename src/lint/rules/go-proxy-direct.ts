import type { Rule } from '../rule.ts';
import { shellAssignments } from '../subject/go-environment.ts';
import { stepsOf } from '../subject/steps.ts';

/** Without a proxy each module is cloned from its host: slower, and gone when the repository is. */
export const goProxyDirect: Rule = {
  name: 'go-proxy-direct',
  family: 'go',
  severity: 'info',
  level: 'default',
  summary: 'GOPROXY=direct clones every module from its own host',

  *check(subject) {
    const message = "GOPROXY=direct asks every module's own host, with git, for what a proxy has as one archive.";
    const hint = 'Name private hosts in GOPRIVATE and leave GOPROXY alone: the rest comes from the proxy.';
    for (const { step } of stepsOf(subject, 'ENV'))
      for (const { key, value } of step.instruction.pairs)
        if (key.text === 'GOPROXY' && value.text === 'direct') yield { message, hint, range: value.range };
    for (const { name, value, word } of shellAssignments(subject.stages))
      if (name === 'GOPROXY' && value === 'direct')
        yield { message, hint, range: subject.text.rangeOf(word.start, word.end) };
  },
};
