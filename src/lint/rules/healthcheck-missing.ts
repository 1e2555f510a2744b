import { insertBefore } from '../fix/edits.ts';
import type { Rule } from '../rule.ts';
import { baseTraits } from '../subject/base-traits.ts';
import { effectiveStep, lineageSteps, startStep } from '../subject/lineage.ts';
import { isForDevelopment } from '../subject/stage-purpose.ts';
import { shippedProgram } from '../subject/subject-module.ts';

/** docker and compose know of a service only that its process lives; Kubernetes has probes of its own and ignores HEALTHCHECK. */
export const healthcheckMissing: Rule = {
  name: 'healthcheck-missing',
  family: 'production',
  severity: 'info',
  level: 'strict',
  summary: 'A service that listens says neither how to check it nor that it is checked elsewhere',
  hadolint: ['DL3057'],

  *check(subject) {
    const { target } = subject;
    const command = startStep(subject);
    // A base that nobody knows may have one.
    if (!command || !baseTraits(target.rootBase) || isForDevelopment(subject, target)) return;
    if (effectiveStep(subject, 'HEALTHCHECK')) return;
    const program = shippedProgram(subject);
    const [listens] = program?.ports ?? [];
    const [exposed] = lineageSteps(target, 'EXPOSE');
    if (!listens && !exposed) return;
    const why = listens ? `${listens.at.path}:${listens.at.line} opens a port` : 'EXPOSE says it listens';
    const ask = program?.healthCommand;
    const edits = [insertBefore(subject, command.step.instruction, ['HEALTHCHECK NONE'])];
    yield {
      message: `The image is a service (${why}) and has no HEALTHCHECK.`,
      range: command.step.instruction.keywordRange,
      hint: ask
        ? `The program checks itself when it is called with ${ask.value.join(' ')}; or write HEALTHCHECK NONE where an orchestrator probes it.`
        : 'Let it check itself (HEALTHCHECK CMD ["/app", "healthcheck"]); or write HEALTHCHECK NONE where an orchestrator probes it.',
      ...(command.stage === target && {
        fix: { title: 'Say that it is checked elsewhere: HEALTHCHECK NONE', safety: 'suggested', edits } as const,
      }),
    };
  },
};
