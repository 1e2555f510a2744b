import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { readDockerfileFrom } from '../../build/read-dockerfile.ts';
import type { FailLevel } from '../../lint/config/lint-config.ts';
import type { FixMode } from '../../lint/fix/fix-dockerfile.ts';
import type { FilesRequest, LintedFile } from '../../lint/lint-files.ts';
import type { LintedProject, ProjectRequest } from '../../lint/lint-project.ts';
import type { CommandContext, CommandModule } from '../command.ts';
import { enterNamespace } from '../enter-namespace.ts';
import { collect } from '../flags/common-flags.ts';
import { usageError } from '../flags/csv-fields.ts';
import { ruleFlags } from '../flags/rule-flag.ts';
import { oneOfFlag } from '../flags/setting.ts';
import { packageFile } from '../package-file.ts';
import { storeRoot } from '../store-root.ts';

/** Each has the rules compiled for itself, and its part of the memory. */
const MOST_THREADS = 8;

const FORMATS = ['text', 'json', 'sarif', 'github', 'checkstyle'] as const;

interface LintFlags {
  readonly format: (typeof FORMATS)[number];
  readonly fix?: FixMode;
  readonly diff?: boolean;
  readonly failOn?: FailLevel;
  readonly strict?: boolean;
  readonly rule: readonly string[];
  readonly context?: string;
  readonly config?: string;
  readonly shellcheck: boolean;
  readonly prove?: boolean;
  readonly root?: string;
}

export const command: CommandModule = {
  configure(command: Command) {
    const fix = new Option('--fix [mode]', 'mend what can be mended: safe, or all').preset('safe');
    const failOn = new Option('--fail-on <level>', 'exit with 1 at error, warning (default), info; or never');
    command
      .argument('[path...]', 'Dockerfiles, folders that hold some, or "-" for stdin (default: the current folder)')
      .addOption(oneOfFlag(fix, ['safe', 'all']))
      .option('--diff', 'show what --fix would change, and change nothing')
      .addOption(oneOfFlag(new Option('--format <format>', FORMATS.join(', ')).default('text'), FORMATS))
      .addOption(oneOfFlag(failOn, ['error', 'warning', 'info', 'never']))
      .option('--strict', 'rules of policy and taste too')
      .option('--rule <name=level>', 'error, warning, info or off for one rule (repeatable)', collect, [])
      .option('--context <dir>', 'build context (default: guessed from what the Dockerfile copies)')
      .option('--config <file>', 'configuration (default: the nearest slipway.yaml)')
      .option('--prove', 'build one Dockerfile before and after its fixes, and compare; changes nothing')
      .option('--root <path>', 'folder of the store, for times of earlier builds and base images of --prove')
      .option('--no-shellcheck', 'do not ask shellcheck about RUN steps, where it is installed')
      .addHelpText(
        'after',
        '\n"slipway help RULE" explains a rule.\n\nExamples:\n  slipway lint --fix\n  slipway lint --strict --format sarif . > lint.sarif',
      );
  },

  async run(context: CommandContext, paths, options) {
    const flags = options as unknown as LintFlags;
    const { cwd, stdout, stderr } = context;
    const inNamespace = flags.prove ? await enterNamespace(context.env) : undefined;
    if (inNamespace !== undefined) return inNamespace;
    const { files, failOn } = await lintAsked(context, paths.length > 0 ? paths : ['.'], flags);
    const { renderDiff, renderFixes } = await import('../render/fixes.ts');
    if (flags.prove) return proveFixes(context, files, flags.root);
    if (flags.diff) stdout.write(await renderDiff(files, cwd, stdout));
    else {
      const { writeChanges } = await import('../../lint/fix/write-changes.ts');
      for (const { changes } of files) writeChanges(changes);
      stderr.write(renderFixes(files, stderr));
      const { FINDING_FORMATS } = await import('../render/findings/finding-formats.ts');
      stdout.write(
        FINDING_FORMATS[flags.format].render(
          files.map(({ report }) => report),
          stdout,
        ),
      );
    }
    const { reachesLevel } = await import('../../lint/lint-project.ts');
    const level = flags.failOn ?? failOn ?? 'warning';
    const findings = files.flatMap((file) => file.report.findings);
    return findings.some(({ severity }) => reachesLevel(severity, level)) ? 1 : 0;
  },
};

async function lintAsked(context: CommandContext, paths: readonly string[], flags: LintFlags): Promise<LintedProject> {
  const { cwd, stdin, signal } = context;
  const request: FilesRequest = {
    cwd,
    contextDir: flags.context,
    configPath: flags.config,
    strict: flags.strict,
    severities: await ruleFlags(flags.rule),
    shellcheck: flags.shellcheck ? await installedShellcheck(context) : undefined,
    measured: await lastBuilds(context, flags.root),
    fix: flags.diff || flags.prove ? (flags.fix ?? 'safe') : flags.fix,
  };
  if (!paths.includes('-')) {
    const { lintProject } = await import('../../lint/lint-project.ts');
    return lintProject({ ...request, paths, threads: lintThreads(), signal });
  }
  if (paths.length > 1) throw usageError('"-" stands for the only Dockerfile: it goes with no other path.');
  if (flags.fix && !flags.diff) throw usageError('--fix cannot write to stdin.', 'Add --diff to see the changes.');
  const { lintText } = await import('../../lint/lint-files.ts');
  const file = await lintText(await readDockerfileFrom(stdin), request);
  return { files: [file], failOn: file.failOn };
}

async function proveFixes(
  { cwd, env, signal, stdout, stderr }: CommandContext,
  files: readonly LintedFile[],
  root: string | undefined,
): Promise<number> {
  const [file, other] = files;
  if (!file || other) throw usageError(`--prove takes one Dockerfile; there are ${files.length}.`, 'Name it.');
  if (file.changes.length === 0) {
    stderr.write('No fix changes anything, so there is nothing to prove.\n');
    return 0;
  }
  const { proveFile } = await import('../prove-file.ts');
  const { renderProof } = await import('../render/proof.ts');
  const proof = await proveFile(file, { cwd, env, signal, storeRoot: storeRoot(env, root), stderr });
  stdout.write(renderProof(proof, stdout));
  return 0;
}

/** What earlier builds measured: how much a rule says that something would save. */
async function lastBuilds({ env }: CommandContext, root: string | undefined): Promise<FilesRequest['measured']> {
  const store = storeRoot(env, root);
  if (!existsSync(join(store, 'builds'))) return undefined;
  const { readStepDurations } = await import('../../explain/step-durations.ts');
  return readStepDurations(store);
}

async function installedShellcheck({ env }: CommandContext): Promise<string | undefined> {
  const { findShellcheck } = await import('../../lint/shellcheck/find-shellcheck.ts');
  return findShellcheck(env);
}

function lintThreads(): ProjectRequest['threads'] {
  const entry = packageFile('dist/start-lint-worker.cjs');
  return entry === undefined ? undefined : { entry, most: Math.min(availableParallelism(), MOST_THREADS) };
}
