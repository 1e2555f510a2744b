import type { Finding } from '../finding.ts';
import { insertBefore } from '../fix/edits.ts';
import type { Rule } from '../rule.ts';
import { goBuilds } from '../subject/go-build.ts';
import { assignmentsOf } from '../subject/go-environment.ts';
import type { LintStage, LintStep, LintSubject } from '../subject/lint-subject.ts';
import { stepsIn } from '../subject/steps.ts';

/** A fixed GOARCH puts a binary of one architecture into images of all. */
export const goArchFixed: Rule = {
  name: 'go-arch-fixed',
  family: 'go',
  severity: 'warning',
  level: 'default',
  summary: 'GOARCH is fixed, so that an image for another architecture gets a binary it cannot run',

  *check(subject) {
    if (isOnePlatform(subject)) return;
    const seen = new Set<LintStep>();
    for (const { stage, env, step } of goBuilds(subject)) {
      const arch = env.get('GOARCH') ?? '';
      if (!stage.isNeeded || !/^[a-z0-9]+$/.test(arch) || (env.get('GOOS') ?? 'linux') !== 'linux' || seen.has(step))
        continue;
      seen.add(step);
      yield* inRun(subject, step, arch);
    }
    for (const stage of new Set(goBuilds(subject).map((build) => build.stage))) if (stage.isNeeded) yield* inEnv(stage);
  },
};

/** The image is said to be for one platform only. */
function isOnePlatform({ target, stages }: LintSubject): boolean {
  return [target, ...stages].some(
    ({ from, isShipped }) =>
      isShipped &&
      from.flags.some(({ name, value }) => name === 'platform' && value !== undefined && !value.includes('$')),
  );
}

function* inRun(subject: LintSubject, step: LintStep, arch: string): Generator<Finding> {
  for (const command of step.commands) {
    for (const { name, word } of assignmentsOf(command, step)) {
      if (name !== 'GOARCH' || !word.text.endsWith(`=${arch}`)) continue;
      const isDeclared = step.variables.has('TARGETARCH');
      const end = subject.text.text.slice(word.start, word.end).lastIndexOf(arch) + word.start;
      const edits = [
        ...(isDeclared ? [] : [insertBefore(subject, step.instruction, ['ARG TARGETARCH'])]),
        { start: end, end: end + arch.length, text: '$TARGETARCH' },
      ];
      yield {
        ...advice(arch),
        range: subject.text.rangeOf(word.start, word.end),
        fix: { title: 'Take GOARCH from the platform', safety: 'suggested', edits },
      };
    }
  }
}

function* inEnv(stage: LintStage): Generator<Finding> {
  for (const { instruction, variables } of stepsIn(stage, 'ENV')) {
    const os = instruction.pairs.find(({ key }) => key.text === 'GOOS')?.value.text ?? variables.get('GOOS') ?? 'linux';
    const pair = instruction.pairs.find(({ key }) => key.text === 'GOARCH');
    if (pair && os === 'linux' && /^[a-z0-9]+$/.test(pair.value.text))
      yield { ...advice(pair.value.text), range: pair.value.range };
  }
}

function advice(arch: string) {
  return {
    message: `GOARCH=${arch} is compiled for every platform: an image built for another one holds a binary for ${arch}.`,
    hint: 'Declare ARG TARGETARCH and write GOARCH=$TARGETARCH, or leave GOARCH away.',
  };
}
