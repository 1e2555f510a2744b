import { insertAt } from '../fix/edits.ts';
import type { Rule } from '../rule.ts';
import { goBuilds } from '../subject/go-build.ts';
import type { LintStage } from '../subject/lint-subject.ts';

/** Go compiles for any platform on any platform; emulating another one to do so takes ten times as long. */
export const goNoBuildPlatform: Rule = {
  name: 'go-no-build-platform',
  family: 'go',
  severity: 'warning',
  level: 'default',
  summary: 'The build stage runs under emulation although Go could compile for the platform natively',

  *check(subject) {
    const seen = new Set<LintStage>();
    for (const { stage, env } of goBuilds(subject)) {
      const arch = env.get('GOARCH') ?? '';
      if (!/TARGETARCH/.test(arch) || seen.has(stage) || stage.isShipped || stage.base.kind !== 'image') continue;
      seen.add(stage);
      if (stage.from.flags.some(({ name }) => name === 'platform')) continue;
      const at = subject.text.offsetAt(stage.from.keywordRange.end);
      yield {
        message: `FROM ${stage.from.image.text} without --platform=$BUILDPLATFORM runs the compiler under emulation for every other platform.`,
        range: stage.from.image.range,
        hint: 'GOARCH=$TARGETARCH is set already: let the stage run on the machine that builds.',
        fix: {
          title: 'Add --platform=$BUILDPLATFORM',
          safety: env.get('CGO_ENABLED') === '0' ? 'safe' : 'suggested',
          edits: [insertAt(at, ' --platform=$BUILDPLATFORM')],
        },
      };
    }
  },
};
