import { createHash } from 'node:crypto';
import { type SarifLevel, type SarifResult, type SarifRule, sarifLog } from '../sarif/sarif-log.ts';
import type { AuditReport, AuditRow } from './audit.ts';
import type { CheckLevel, Evidence } from './check.ts';
import { CHECKS } from './checks.ts';

const LEVELS: Readonly<Record<CheckLevel, SarifLevel>> = { error: 'error', warning: 'warning', info: 'note' };
const KINDS = { failed: 'fail', passed: 'pass', 'not-applicable': 'notApplicable' } as const;

/** A report as a SARIF log: a result a row that passed or does not apply, a result a piece of evidence of one that failed. */
export function auditSarif(report: AuditReport, version: string): Readonly<Record<string, unknown>> {
  const rules = CHECKS.map(
    ({ name, title, level }): SarifRule => ({ id: name, summary: `The image ${title}.`, level: LEVELS[level] }),
  );
  return sarifLog({ version, rules, results: report.rows.flatMap((row) => results(row, report)) });
}

function results(row: AuditRow, report: AuditReport): SarifResult[] {
  const shown = row.status === 'failed' ? row.evidence : row.evidence.slice(0, 1);
  return shown.map((evidence) => result(row, evidence, report));
}

function result({ check, level, status, hint }: AuditRow, evidence: Evidence, { image }: AuditReport): SarifResult {
  const { text, path, layer } = evidence;
  const logical = path === undefined ? undefined : `${layer === undefined ? '' : `layer ${layer}: `}/${path}`;
  const place = logical === undefined ? '' : ` (${logical})`;
  return {
    ruleId: check,
    level: LEVELS[level],
    kind: KINDS[status],
    message: `${text}${place}.${hint === undefined ? '' : ` ${hint}`}`,
    places: [{ path: imageUri(image), logical }],
    fingerprint: createHash('sha256')
      .update(`${check}\0${text}\0${path ?? ''}`)
      .digest('hex'),
  };
}

/** An image is no file of the repository; what is one by its name stays a path. */
function imageUri(image: string): string {
  return /^[./]|\.tar$/.test(image) ? image : `oci:${image}`;
}
