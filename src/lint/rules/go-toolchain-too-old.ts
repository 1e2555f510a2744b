import { compareGoVersions } from '../../golang/module/go-version.ts';
import type { Fix } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { baseTraits } from '../subject/base-traits.ts';
import { goBuilds } from '../subject/go-build.ts';
import { goFiles } from '../subject/go-files.ts';
import type { LintStage, LintSubject } from '../subject/lint-subject.ts';

/** Images of golang set GOTOOLCHAIN=local: what is older than the go directive refuses to build. */
export const goToolchainTooOld: Rule = {
  name: 'go-toolchain-too-old',
  family: 'go',
  severity: 'error',
  level: 'default',
  summary: 'go.mod wants a newer Go than the base image has',

  *check(subject) {
    const seen = new Set<LintStage>();
    for (const { stage, env } of goBuilds(subject)) {
      const version = baseTraits(stage.rootBase)?.go?.version;
      if (version === undefined || stage.base.kind !== 'image' || seen.has(stage)) continue;
      seen.add(stage);
      const wanted = goFiles(subject.context).file?.goVersion;
      if (!wanted || !isOlder(version, wanted.version)) continue;
      const fetches = /^(?:auto|go1|path)/.test(env.get('GOTOOLCHAIN') ?? 'local');
      const isStrict = compareGoVersions(version, '1.21') >= 0;
      yield {
        message: `go.mod wants Go ${wanted.version}, and ${stage.base.name} has ${version}${fetches ? ', so that each build downloads a toolchain' : ''}.`,
        range: stage.from.image.range,
        hint: `Build from golang:${majorMinor(wanted.version)} or newer; ${isStrict ? 'the image sets GOTOOLCHAIN=local, so that go does not fetch a newer one' : 'this one builds until it meets what it does not know'}.`,
        // Before Go 1.21 the directive was advice: the build goes on, and fails where something is really missing.
        ...((fetches || !isStrict) && { severity: 'warning' }),
        fix: tagFix(subject, stage, { version, wanted: wanted.version }),
      };
    }
  },
};

/** A tag without a patch is the newest patch of its release. */
function isOlder(version: string, wanted: string): boolean {
  const hasPatch = version.split('.').length > 2;
  return compareGoVersions(version, hasPatch ? wanted : majorMinor(wanted)) < 0;
}

function majorMinor(version: string): string {
  return /^\d+\.\d+/.exec(version)?.[0] ?? version;
}

/** Only tags that every release has: alone, -alpine, or -bookworm and the like as long as they are not old. */
function tagFix(
  { text }: LintSubject,
  { from, base }: LintStage,
  { version, wanted }: { readonly version: string; readonly wanted: string },
): Fix | undefined {
  if (base.kind !== 'image' || base.isVariable || !new RegExp(`:${version}(?:-alpine)?$`).test(from.image.text))
    return undefined;
  const at = text.offsetAt(from.image.range.start) + from.image.text.lastIndexOf(`:${version}`) + 1;
  const tag = version.split('.').length > 2 ? wanted : majorMinor(wanted);
  return {
    title: `Build from Go ${tag}`,
    safety: 'suggested',
    edits: [{ start: at, end: at + version.length, text: tag }],
  };
}
