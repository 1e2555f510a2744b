import type { CopyInstruction } from '../../dockerfile/ast.ts';
import type { Fix } from '../finding.ts';
import { insertBefore } from '../fix/edits.ts';
import type { Rule } from '../rule.ts';
import { stageTraits } from '../subject/base-traits.ts';
import { copiesBefore, copiesEverything, copiesFile } from '../subject/context-copies.ts';
import { flagOf, type GoCommand, goBuilds, goCommandsOf } from '../subject/go-build.ts';
import { goFiles } from '../subject/go-files.ts';
import { lineage, lineageSteps } from '../subject/lineage.ts';
import type { LintStep, LintSubject } from '../subject/lint-subject.ts';

/** Without a download of its own, the modules are part of the step that compiles, and go with it. */
export const goDownloadWithSources: Rule = {
  name: 'go-download-with-sources',
  family: 'go',
  severity: 'warning',
  level: 'default',
  summary: 'go build downloads the modules itself, again after each change of a source',

  *check(subject) {
    const seen = new Set<LintStep>();
    for (const build of goBuilds(subject)) {
      const whole = wholeCopyBefore(build);
      if (!whole || seen.has(whole) || !downloads(subject, build)) continue;
      seen.add(whole);
      yield {
        message: `${subject.context ? 'Modules' : 'Modules (unless vendor/ holds them)'} are downloaded by go ${build.verb} after all sources are copied: any changed file downloads them again.`,
        range: whole.instruction.range,
        hint: 'Copy go.mod and go.sum first and run go mod download, so that a step of its own keeps the modules.',
        fix: downloadFix(subject, whole),
      };
    }
  },
};

function wholeCopyBefore({ stage, step }: GoCommand): LintStep<CopyInstruction> | undefined {
  const copies = copiesBefore(stage, step);
  return copies.some((copy) => copiesFile(copy, 'go.mod')) ? undefined : copies.find(copiesEverything);
}

/** Silent where a vendor folder, a mount, or a command that is not seen through may bring the modules. */
function downloads({ context }: LintSubject, build: GoCommand): boolean {
  const { hasMod, hasVendor, hasRequirements } = goFiles(context);
  if (hasMod === false || hasVendor || hasRequirements === false) return false;
  if (flagOf(build, 'mod')?.value === 'vendor' || /-mod[= ]?vendor/.test(build.env.get('GOFLAGS') ?? '')) return false;
  if (isBeforeModules(build)) return false;
  if (build.env.get('GO111MODULE') === 'off' || build.mounts.some(({ type }) => type === 'cache')) return false;
  if (bringsModules(build)) return false;
  const others = lineage(build.stage).flatMap(goCommandsOf);
  return !others.some(({ verb }) => verb.startsWith('mod ') || verb === 'get');
}

/** Before Go 1.16 a folder without go.mod was built from GOPATH, unless GO111MODULE said otherwise. */
function isBeforeModules({ stage, env }: GoCommand): boolean {
  const minor = /^1\.(\d+)/.exec(stageTraits(stage)?.go?.version ?? '')?.[1] ?? '16';
  return Number(minor) < 16 && env.get('GO111MODULE') !== 'on';
}

/** COPY --from a stage that has downloaded them. */
function bringsModules({ stage }: GoCommand): boolean {
  return lineageSteps(stage, 'COPY').some(
    ({ step: { instruction } }) =>
      instruction.flags.some(({ name }) => name === 'from') && /\/pkg(?:\/mod)?\/?$/.test(instruction.destination.text),
  );
}

function downloadFix(subject: LintSubject, { instruction, workdir }: LintStep<CopyInstruction>): Fix | undefined {
  const { hasMod, hasSum, hasLocalReplace, hasRequirements, hasWorkspace } = goFiles(subject.context);
  const { destination, sources, flags, heredocs } = instruction;
  const isPlain = sources.length === 1 && flags.length === 0 && heredocs.length === 0;
  const isHere = /^\.\/?$/.test(destination.text) || destination.text.replace(/\/$/, '') === workdir;
  if (!isPlain || !isHere || hasWorkspace || workdir === undefined) return undefined;
  const isKnown = hasMod && hasSum && hasRequirements && !hasLocalReplace;
  const copy = `COPY go.mod ${hasSum === false ? '' : 'go.sum '}./`;
  return {
    title: 'Download the modules in a step of its own',
    safety: isKnown ? 'safe' : 'suggested',
    edits: [insertBefore(subject, instruction, [copy, 'RUN go mod download'])],
  };
}
