import { isWantedFinding, readCheckOptions } from '../build/frontend/checks/check-options.ts';
import { hasWildcards } from '../context/pattern/file-glob.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { contextSources } from './subject/copied-files.ts';
import type { LintSubject } from './subject/lint-subject.ts';

const DOCS = 'https://docs.docker.com/go/dockerfile/rule/copy-ignored-file/';

/**
 * BuildKit's check CopyIgnoredFile, in its words; it needs the context, which the other checks do not. As there it is an
 * experiment, on where `# check=experimental=` says so, and looks at no path with `./` in front.
 */
export function copyIgnoredFiles(subject: LintSubject): readonly Diagnostic[] {
  const ignore = subject.context?.ignore;
  if (!ignore) return [];
  const options = readCheckOptions(subject.dockerfile, {});
  const findings = [...contextSources(subject)].flatMap(({ step, word, path }) => {
    const pattern =
      path === '' || word.text.startsWith('./') || hasWildcards(path) ? undefined : ignore.explainPath(path);
    // Patterns that take files back below a hidden directory make a copy of it possible.
    if (!pattern || ignore.mayRestoreBelow(path)) return [];
    const line = pattern.range ? ` (line ${pattern.range.start.line})` : '';
    return [
      {
        code: 'CopyIgnoredFile',
        severity: 'warning' as const,
        message: `Attempting to ${step.instruction.kind === 'ADD' ? 'Add' : 'Copy'} file ${JSON.stringify(word.text)} that is excluded by .dockerignore`,
        range: step.instruction.range,
        hint: `The pattern ${pattern.text}${line} hides it; write !${path} below it.`,
        docs: DOCS,
      },
    ];
  });
  return findings.filter((finding) => isWantedFinding(finding, options));
}
