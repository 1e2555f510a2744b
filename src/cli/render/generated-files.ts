import { stripControl } from '../../diagnostics/redact.ts';
import type { GeneratedFile, GeneratedFiles } from '../../generate/generate-files.ts';
import type { Decision } from '../../generate/image-plan.ts';
import type { Terminal } from '../terminal.ts';

/** Files as they would be written, each under its name. */
export function renderFiles(files: readonly GeneratedFile[]): string {
  return files.map(({ path, text }) => `# ==> ${path}\n${text}`).join('\n');
}

/** A line for each choice, what to see to, and what to do next. */
export function renderDecisions(
  generated: GeneratedFiles,
  { colors, unicode }: Terminal,
  { isPreview }: { readonly isPreview: boolean },
): string {
  const { files, decisions, warnings, programs, buildFlags } = generated;
  const line = ({ what, why, at }: Decision) => {
    const place = at ? ` ${colors.dim(`(${at.path}:${at.line})`)}` : '';
    return `${stripControl(`${what}: ${why}`)}${place}`;
  };
  const names = files.map(({ path }) => path).join(', ');
  return [
    ...decisions.map((decision) => `  ${line(decision)}`),
    ...warnings.map((warning) => `${colors.yellow(unicode ? '!' : 'warning:')} ${line(warning)}`),
    ...(isPreview
      ? []
      : [`${unicode ? '✓ ' : ''}wrote ${names}`, `next: slipway build${buildFlags} -t ${programs.at(-1)} .`]),
    '',
  ].join('\n');
}
