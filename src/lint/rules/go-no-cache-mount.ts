import type { RunInstruction } from '../../dockerfile/ast.ts';
import { goCacheDir } from '../../golang/go-cache-dir.ts';
import { goModCacheDir } from '../../golang/go-mod-cache-dir.ts';
import type { Fix } from '../finding.ts';
import { insertAt } from '../fix/edits.ts';
import type { Rule } from '../rule.ts';
import { stageTraits } from '../subject/base-traits.ts';
import { type GoCommand, goCommands, goCommandsOf, isBuild } from '../subject/go-build.ts';
import { lineage } from '../subject/lineage.ts';
import type { LintStage, LintStep, LintSubject } from '../subject/lint-subject.ts';

/** A step that runs again starts from nothing, unless a mount keeps what go compiled and fetched. */
export const goNoCacheMount: Rule = {
  name: 'go-no-cache-mount',
  family: 'go',
  severity: 'info',
  level: 'default',
  summary: 'Go compiles everything again in each build, without a cache mount',

  *check(subject) {
    for (const stage of subject.stages) {
      if (!goCommandsOf(stage).some(isBuild)) continue;
      const [build] = lineage(stage).flatMap(goCommandsOf).filter(compilesUncached);
      // What comes behind it finds what it has compiled.
      if (!build || build.stage !== stage) continue;
      const { step } = build;
      const { range, keywordRange } = step.instruction;
      const ms = subject.measured?.(range.start.line);
      const last = ms === undefined || ms < 1000 ? '' : `; the step took ${Math.round(ms / 1000)} s the last time`;
      yield {
        message: `go ${build.verb} has no build cache of the last build: when its step runs, it compiles again what did not change${last}.`,
        range: keywordRange,
        hint: 'Mount caches for /root/.cache/go-build and /go/pkg/mod: what did not change is not compiled again.',
        fix: mountFix(subject, build, stage),
      };
    }
  },
};

/** Programs by their version are tools, and mostly small. */
function compilesUncached({ verb, operands, mounts }: GoCommand): boolean {
  const isTool = operands.some(({ text }) => text.includes('@'));
  return /^(?:build|install|test|vet)$/.test(verb) && !isTool && !mounts.some(({ type }) => type === 'cache');
}

/** Every RUN of the stage that fetches or compiles gets the same mounts, else modules of one are missing in the next. */
function mountFix(subject: LintSubject, build: GoCommand, stage: LintStage): Fix | undefined {
  const modules = goModCacheDir({ GOPATH: '/go', ...Object.fromEntries(build.env) }, undefined);
  const home = build.step.user === undefined || /^(?:root|0)(?::|$)/.test(build.step.user) ? '/root' : undefined;
  const cache = goCacheDir(Object.fromEntries(build.env), home);
  if (!modules || !cache || !stageTraits(stage)?.go || stage.base.kind === 'stage') return undefined;
  // A mount hides what lies there: nobody else may name the folders, or count on what a command leaves in them.
  if (subject.text.text.includes('pkg/mod') || subject.text.text.includes('go-build') || cleans(stage))
    return undefined;
  if (subject.stages.some(({ base }) => base.kind === 'stage' && base.stage === stage)) return undefined;
  const steps = stepsWithGo(subject, stage);
  if (steps.some(({ instruction }) => instruction.flags.some(({ name }) => name === 'mount'))) return undefined;
  const flags = ` --mount=type=cache,target=${cache} --mount=type=cache,target=${modules}`;
  const edits = steps.map(({ instruction }) => insertAt(subject.text.offsetAt(instruction.keywordRange.end), flags));
  return { title: 'Mount caches for what go fetches and compiles', safety: 'safe', edits };
}

function stepsWithGo(subject: LintSubject, stage: LintStage): readonly LintStep<RunInstruction>[] {
  const own = goCommands(subject).filter((command) => command.stage === stage && /^(?!env|version)/.test(command.verb));
  return [...new Set(own.map(({ step }) => step))];
}

function cleans({ steps }: LintStage): boolean {
  return steps.some(({ commands }) =>
    commands.some(
      ({ name, args }) => (name === 'go' && args[0]?.text === 'clean') || (name === 'go' && args[1]?.text === 'vendor'),
    ),
  );
}
