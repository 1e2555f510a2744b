import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { AuditReport } from '../../audit/audit.ts';
import { type AuditPolicy, DEFAULT_POLICY } from '../../audit/audit-policy.ts';
import { systemErrorCode } from '../../diagnostics/known-error.ts';
import type { CommandContext, CommandModule } from '../command.ts';
import { parseByteBudget } from '../flags/byte-budget.ts';
import { usageError } from '../flags/csv-fields.ts';
import { IMAGE_ARGUMENT, type ImageSourceFlags, imageSourceFlags, withImage } from '../flags/image-source.ts';
import { oneOfFlag } from '../flags/setting.ts';
import { renderAudit } from '../render/audit-report.ts';
import { version } from '../version.ts';

const FORMATS = ['text', 'json', 'sarif'] as const;

interface AuditFlags extends ImageSourceFlags {
  readonly policy?: string;
  readonly budget?: string;
  readonly format: (typeof FORMATS)[number];
  readonly failOn?: AuditPolicy['failOn'];
}

export const command: CommandModule = {
  configure(command: Command) {
    const failOn = new Option('--fail-on <level>', 'exit with 1 at error (default), warning, info; or never');
    command
      .argument('<image>', IMAGE_ARGUMENT)
      .option('--policy <file>', 'what is required, allowed and turned off: its section "audit"')
      .option('--budget <size>', 'the most that the layers may have: 20MB')
      .addOption(oneOfFlag(failOn, ['error', 'warning', 'info', 'never']))
      .addOption(oneOfFlag(new Option('--format <format>', FORMATS.join(', ')).default('text'), FORMATS));
    imageSourceFlags(command).addHelpText(
      'after',
      '\nExamples:\n  slipway audit hello\n  slipway audit --policy slipway.yaml --format sarif image.tar > audit.sarif',
    );
  },

  async run(context, [image = ''], options) {
    const flags = options as unknown as AuditFlags;
    const policy = await policyFor(context, flags);
    const report = await auditAsked(context, image, { flags, policy });
    await show(context, report, flags.format);
    return report.isFailed ? 1 : 0;
  },
};

/** Flags come before the file. */
async function policyFor({ cwd }: CommandContext, flags: AuditFlags): Promise<AuditPolicy> {
  const policy =
    flags.policy === undefined ? DEFAULT_POLICY : await readPolicyFile(resolve(cwd, flags.policy), flags.policy);
  return {
    ...policy,
    ...(flags.budget !== undefined && { budgetBytes: parseByteBudget('--budget', flags.budget) }),
    ...(flags.failOn !== undefined && { failOn: flags.failOn }),
  };
}

async function readPolicyFile(path: string, name: string): Promise<AuditPolicy> {
  const { readPolicy } = await import('../../audit/read-policy.ts');
  return readPolicy(readText(path, name), name);
}

function readText(path: string, name: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (!['ENOENT', 'EISDIR', 'ENOTDIR', 'EACCES'].includes(systemErrorCode(error) ?? '')) throw error;
    throw usageError(`--policy ${JSON.stringify(name)} cannot be read.`, 'It is a YAML file with a section "audit".');
  }
}

function auditAsked(
  context: CommandContext,
  image: string,
  { flags, policy }: { readonly flags: AuditFlags; readonly policy: AuditPolicy },
): Promise<AuditReport> {
  return withImage(context, image, {
    flags,
    async use(opened) {
      const [{ readAuditedImage }, { audit }] = await Promise.all([
        import('../../audit/read-audited-image.ts'),
        import('../../audit/audit.ts'),
      ]);
      return audit(await readAuditedImage(opened, { signal: context.signal, nowMs: Date.now() }), policy);
    },
  });
}

async function show({ stdout }: CommandContext, report: AuditReport, format: AuditFlags['format']): Promise<void> {
  if (format === 'text') return stdout.write(renderAudit(report, stdout));
  if (format === 'json') return stdout.write(`${JSON.stringify(report)}\n`);
  const { auditSarif } = await import('../../audit/audit-sarif.ts');
  stdout.write(`${JSON.stringify(auditSarif(report, version()), undefined, 2)}\n`);
}
