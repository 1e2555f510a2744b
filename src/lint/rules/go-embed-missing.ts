import { compileFileGlob } from '../../context/pattern/file-glob.ts';
import { resolvePath } from '../../context/resolve-path.ts';
import { KnownError } from '../../diagnostics/known-error.ts';
import type { EmbeddedPath } from '../../golang/module/go-module.ts';
import type { Finding } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { contextCopies } from '../subject/context-copies.ts';
import { contextSources, copiedFiles } from '../subject/copied-files.ts';
import { type GoCommand, goBuilds } from '../subject/go-build.ts';
import { lineage } from '../subject/lineage.ts';
import type { LintContext } from '../subject/lint-context.ts';
import type { LintStep, LintSubject } from '../subject/lint-subject.ts';
import { programOf } from '../subject/subject-module.ts';

/** `//go:embed` of what the compiler does not find ends the build. */
export const goEmbedMissing: Rule = {
  name: 'go-embed-missing',
  family: 'go',
  severity: 'error',
  level: 'default',
  summary: 'The program embeds files that the build does not get',

  *check(subject) {
    const { context } = subject;
    // Only where something is copied: reading the module takes time.
    const builds = context ? goBuilds(subject).filter(({ stage }) => stage.isNeeded) : [];
    if (!context || builds.length === 0) return;
    const seen = new Set<EmbeddedPath>();
    for (const build of builds) {
      const program = programOf(build, subject);
      for (const embed of subject.module?.go.isCut ? [] : (program?.embeds ?? [])) {
        if (seen.has(embed)) continue;
        seen.add(embed);
        const lack = lackOf(embed, { subject, context, build });
        if (lack) yield { ...lack, range: subject.text.rangeOf(build.command.start, build.command.end) };
      }
    }
  },
};

interface Scope {
  readonly subject: LintSubject;
  readonly context: LintContext;
  readonly build: GoCommand;
}

function lackOf(
  embed: EmbeddedPath,
  { subject, context, build }: Scope,
): Pick<Finding, 'message' | 'hint'> | undefined {
  const { at, pattern } = embed;
  const folder = subject.module?.folder ?? '';
  const place = `${below(folder, at.path)}:${at.line} embeds ${pattern}`;
  if (makesFiles(build)) return undefined;
  if (embed.files.length === 0) {
    const path = below(folder, embed.dir === '' ? patternPath(embed) : `${embed.dir}/${patternPath(embed)}`);
    const hiding = isThere(context, path) ? context.ignore?.explainPath(path) : undefined;
    if (!hiding || context.ignore?.mayRestoreBelow(path)) return undefined;
    return {
      message: `${place}, which the ignore file hides: go build fails.`,
      hint: `The pattern ${hiding.text} hides it; write !${path} below it.`,
    };
  }
  const brought = broughtFiles(subject, context, build);
  if (!brought?.has(below(folder, at.path)) || embed.files.some((file) => brought.has(below(folder, file))))
    return undefined;
  return {
    message: `${place}, which no COPY above go ${build.verb} brings: it fails.`,
    hint: `Copy ${below(folder, embed.files[0] ?? pattern)} too, before this step.`,
  };
}

function below(folder: string, path: string): string {
  return folder === '' ? path : `${folder}/${path}`;
}

/** Up to the first element with wildcards. */
function patternPath({ pattern }: EmbeddedPath): string {
  const elements = pattern.replace(/^all:/, '').split('/');
  const wild = elements.findIndex((element) => /[*?[\\]/.test(element));
  return (wild < 0 ? elements : elements.slice(0, Math.max(1, wild))).join('/');
}

function isThere({ wholeTree }: LintContext, path: string): boolean {
  const glob = /[*?[]/.test(path) ? compileFileGlob(path) : undefined;
  if (glob) return wholeTree.list('').some((entry) => glob.matches(entry.path));
  try {
    return resolvePath(wholeTree, path).entry !== undefined;
  } catch (error) {
    if (error instanceof KnownError) return false;
    throw error;
  }
}

/** Steps that may write what is embedded: all that are not about modules and packages. */
function makesFiles(build: GoCommand): boolean {
  const steps = lineage(build.stage).flatMap(({ steps }) => steps);
  const before: readonly LintStep[] = steps.slice(0, steps.indexOf(build.step) + 1);
  if (build.mounts.some(({ type }) => type === 'bind')) return true;
  return before.some(
    ({ instruction: { kind, flags }, commands }) =>
      kind === 'ADD' ||
      (kind === 'COPY' && flags.some(({ name }) => name === 'from')) ||
      (kind === 'RUN' &&
        (commands.length === 0 ||
          commands.some(
            ({ name, args: [verb] }) =>
              !/^(?:go|apk|apt-get|apt|mkdir|cd|set|export|adduser|useradd|addgroup|groupadd|update-ca-certificates|echo|)$/.test(
                name,
              ) ||
              (name === 'go' && verb?.text === 'generate'),
          ))),
  );
}

/** Files of the context that the stage has when it builds; undefined where a source is not known. */
function broughtFiles(subject: LintSubject, context: LintContext, build: GoCommand): ReadonlySet<string> | undefined {
  if (context.files.isCut) return undefined;
  const copies = lineage(build.stage).flatMap(contextCopies);
  const above = copies.filter(
    ({ instruction }) => instruction.range.start.line < build.step.instruction.range.start.line,
  );
  const sources = [...contextSources(subject)].filter(({ step }) => above.some((copy) => copy === step));
  const written = above.reduce((sum, { instruction }) => sum + instruction.sources.length, 0);
  if (sources.length < written) return undefined;
  return new Set(sources.flatMap((source) => copiedFiles(context, source).map(({ path }) => path)));
}
