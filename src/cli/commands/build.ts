import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BuildOptions, BuildResult } from '../../build/build-options.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { KnownError } from '../../diagnostics/known-error.ts';
import { stripControl } from '../../diagnostics/redact.ts';
import { answerCall } from '../answer-call.ts';
import type { CommandContext, CommandModule } from '../command.ts';
import { type BuildFlags, toBuildOptions } from '../flags/build-flags.ts';
import { buildHeader } from '../flags/build-header.ts';
import { parseCallFlag } from '../flags/call-flag.ts';
import { declareBuildFlags } from '../flags/declare-build-flags.ts';
import { maxSizeSetting } from '../flags/max-size.ts';
import { oneOf } from '../flags/one-of.ts';
import { parseSizeFlag } from '../flags/value-flag.ts';
import { buildSummary } from '../render/build-summary.ts';
import { PROGRESS_KINDS, type ProgressKind } from '../render/progress.ts';
import { showProgress } from '../render/show-progress.ts';
import { renderNotices, renderWarnings } from '../render/warnings.ts';
import { storeRoot } from '../store-root.ts';

export const command: CommandModule = {
  configure(command) {
    declareBuildFlags(command)
      .optionsGroup('What becomes of it:')
      .addOption(maxSizeSetting('afterwards, prune the store down to this size: 20GB'))
      .optionsGroup('Options:')
      .addHelpText('after', EXAMPLES);
  },

  async run(context, [path = ''], options) {
    const flags = options as unknown as BuildFlags;
    const asked = parseCallFlag(flags.call);
    // --check says no format: beside --call=check,format=json it changes nothing.
    const call = flags.check && asked?.method !== 'check' ? parseCallFlag('check') : asked;
    try {
      return call ? await answerCall(context, { path, flags, call }) : await buildBounded(context, path, flags);
    } catch (error) {
      if (error instanceof KnownError && error.code === 'BUILD_CANCELLED') throw withWhatIsKept(error);
      if (flags.debug && error instanceof Error) context.stderr.write(`${stripControl(error.stack ?? '')}\n`);
      throw error;
    }
  },
};

function withWhatIsKept({ code, message, exitCode }: KnownError): KnownError {
  const hint = 'Steps that were done are kept: the next build goes on from there.';
  return new KnownError(code, message, { exitCode, hint });
}

const EXAMPLES = `
Examples:
  slipway build -t hello .
  slipway build -f build/Dockerfile --target test --secret id=token,env=TOKEN .`;

async function buildBounded(context: CommandContext, path: string, flags: BuildFlags): Promise<number> {
  const { maxSize } = flags;
  if (maxSize === undefined) return buildImage(context, path, flags);
  parseSizeFlag('--max-size', maxSize);
  try {
    return await buildImage(context, path, flags);
  } finally {
    const { boundStore } = await import('../bound-store.ts');
    const { env, stderr } = context;
    await boundStore({ storeRoot: storeRoot(env, flags.root), maxSize, stderr, isVerbose: flags.quiet !== true });
  }
}

async function buildImage(context: CommandContext, path: string, flags: BuildFlags): Promise<number> {
  const buildOptions = toBuildOptions(context, path, flags);
  const kind = flags.quiet ? 'quiet' : oneOf('--progress', flags.progress, PROGRESS_KINDS);
  const startedMs = Date.now();
  const { build } = await import('../../build/build.ts');
  const warnings: Diagnostic[] = [];
  const notices: string[] = [];
  const result = await withProgress(context, { kind, options: buildOptions }, (show) =>
    build({
      ...buildOptions,
      onEvent: (event) => {
        if (event.type === 'warning') warnings.push(event.diagnostic);
        if (event.type === 'notice') notices.push(event.text);
        show(event);
      },
    }),
  );
  const { stdout, stderr } = context;
  const isForPeople = !(['quiet', 'none', 'rawjson'] as ProgressKind[]).includes(kind);
  if (isForPeople) stderr.write(renderNotices(notices, stderr) + renderWarnings(warnings, stderr));
  writeResultFiles(context, flags, result);
  if (kind === 'quiet' && result.imageId) stdout.write(`${result.imageId}\n`);
  if (isForPeople) stderr.write(buildSummary(result, Date.now() - startedMs, stderr));
  if (flags.explain) await showExplanation(context, buildOptions.storeRoot, result.buildId);
  return 0;
}

async function showExplanation({ stderr }: CommandContext, storeRoot: string, build: string): Promise<void> {
  const [{ explain }, { renderExplanation }] = await Promise.all([
    import('../../explain/explain.ts'),
    import('../render/explanation.ts'),
  ]);
  stderr.write(`\n${renderExplanation(explain({ storeRoot, build }), stderr)}`);
}

async function withProgress(
  context: CommandContext,
  { kind, options }: { readonly kind: ProgressKind; readonly options: BuildOptions },
  work: (onEvent: NonNullable<BuildOptions['onEvent']>) => Promise<BuildResult>,
): Promise<BuildResult> {
  const progress = showProgress(context.stderr, kind, { env: context.env, header: buildHeader(options) });
  try {
    return await work((event) => progress.event(event));
  } finally {
    progress.finish();
  }
}

function writeResultFiles({ cwd }: CommandContext, flags: BuildFlags, result: BuildResult): void {
  if (flags.iidfile && result.imageId) writeFileSync(resolve(cwd, flags.iidfile), result.imageId);
  if (flags.metadataFile) {
    writeFileSync(resolve(cwd, flags.metadataFile), `${JSON.stringify(metadata(result), undefined, 2)}\n`);
  }
}

/** The names that docker's --metadata-file uses, and ours for what docker does not know. */
function metadata({ buildId, imageId, manifest, names }: BuildResult): Record<string, unknown> {
  return {
    ...(imageId ? { 'containerimage.config.digest': imageId } : {}),
    ...(manifest ? { 'containerimage.descriptor': manifest, 'containerimage.digest': manifest.digest } : {}),
    ...(names.length > 0 ? { 'image.name': names.join(',') } : {}),
    'slipway.build.id': buildId,
  };
}
