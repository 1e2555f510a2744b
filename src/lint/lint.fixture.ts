/** For tests: one rule over a text, with the files of a context where it needs them. */
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readLintConfig } from './config/lint-config.ts';
import { applyEdits } from './fix/apply-edits.ts';
import { type LintFinding, type LintSettings, lint } from './lint.ts';
import type { Rule } from './rule.ts';
import type { SizedFile } from './rule-page.ts';
import { LintContext } from './subject/lint-context.ts';
import type { MeasuredSteps } from './subject/measured-steps.ts';

export interface RuleCase {
  /** By path in the context; the context is there when this is. */
  readonly files?: Readonly<Record<string, string | Uint8Array | SizedFile>>;
  readonly settings?: Partial<LintSettings>;
  readonly measured?: MeasuredSteps;
}

/** What the rule finds, inline comments and a `slipway.yaml` among the files obeyed. */
export async function findingsOf(
  rule: Pick<Rule, 'name'>,
  source: string,
  options: RuleCase = {},
): Promise<readonly LintFinding[]> {
  const dir = options.files && writeFiles(options.files);
  try {
    const config = String(options.files?.['slipway.yaml'] ?? '');
    const { settings: configured } = await readLintConfig(config, 'slipway.yaml');
    const settings = { ...configured, strict: true, ...options.settings };
    const context = dir === undefined ? undefined : new LintContext(dir, join(dir, 'Dockerfile'));
    const { findings } = await lint({ file: 'Dockerfile', source, context, settings, measured: options.measured });
    return findings.filter(({ code }) => code === rule.name);
  } finally {
    if (dir !== undefined) rmSync(dir, { recursive: true, force: true });
  }
}

/** `line:column message` of each. */
export async function messagesOf(
  rule: Pick<Rule, 'name'>,
  source: string,
  options: RuleCase = {},
): Promise<readonly string[]> {
  const findings = await findingsOf(rule, source, options);
  return findings.map(({ range: { start }, message }) => `${start.line}:${start.column} ${message}`);
}

/** The text with the rule's fixes made, once. */
export async function fixedBy(rule: Pick<Rule, 'name'>, source: string, options: RuleCase = {}): Promise<string> {
  const findings = await findingsOf(rule, source, options);
  return applyEdits(
    source,
    findings.flatMap(({ fix }) => fix?.edits ?? []),
  );
}

function writeFiles(files: NonNullable<RuleCase['files']>): string {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-lint-'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    const isSized = typeof content === 'object' && 'bytes' in content;
    writeFileSync(join(dir, path), isSized ? content.start : content);
    if (isSized) truncateSync(join(dir, path), content.bytes);
  }
  return dir;
}
