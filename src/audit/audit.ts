/**
 * The production checklist of an image: every check run on what was read of it once, judged by a policy. It must not know where the image
 * comes from or how a report is shown.
 */
import type { AuditPolicy } from './audit-policy.ts';
import type { AuditedImage } from './audited-image.ts';
import type { Check, CheckLevel, CheckStatus, Evidence } from './check.ts';
import { CHECKS } from './checks.ts';

/** One row of the checklist as it turned out. */
export interface AuditRow {
  readonly check: string;
  readonly title: string;
  readonly level: CheckLevel;
  readonly status: CheckStatus;
  readonly evidence: readonly Evidence[];
  /** Of a failed row. */
  readonly hint?: string | undefined;
}

export interface AuditReport {
  readonly image: string;
  readonly id: string;
  readonly platform: string;
  /** In the order of the checklist; checks that the policy turns off are left out. */
  readonly rows: readonly AuditRow[];
  /** Whether a row failed at the level from which the policy fails. */
  readonly isFailed: boolean;
}

const LEVELS: readonly CheckLevel[] = ['info', 'warning', 'error'];

export function audit(image: AuditedImage, policy: AuditPolicy): AuditReport {
  const rows = CHECKS.flatMap((check) => row(check, image, policy) ?? []);
  const { os, architecture, variant } = image.config;
  return {
    image: image.name,
    id: image.id,
    platform: [os, architecture, ...(variant ? [variant] : [])].join('/'),
    rows,
    isFailed: rows.some(({ status, level }) => status === 'failed' && isAtLeast(level, policy.failOn)),
  };
}

function row(check: Check, image: AuditedImage, policy: AuditPolicy): AuditRow | undefined {
  const { name, title, hint } = check;
  const level = policy.levels[name] ?? check.level;
  if (level === 'off') return undefined;
  const { status, evidence } = check.run(image, policy);
  const isMissing = status === 'not-applicable' && policy.required.includes(name);
  const judged: CheckStatus = isMissing ? 'failed' : status;
  return { check: name, title, level, status: judged, evidence, ...(judged === 'failed' && { hint }) };
}

function isAtLeast(level: CheckLevel, failOn: AuditPolicy['failOn']): boolean {
  return failOn !== 'never' && LEVELS.indexOf(level) >= LEVELS.indexOf(failOn);
}
