import type { AuditPolicy } from './audit-policy.ts';
import type { AuditedImage } from './audited-image.ts';

export type CheckLevel = 'error' | 'warning' | 'info';
export type CheckStatus = 'passed' | 'failed' | 'not-applicable';

/** One thing that was seen. Values of secrets never are in it. */
export interface Evidence {
  /** Without a full stop: `it runs as root`. */
  readonly text: string;
  /** In the image, without a leading slash. */
  readonly path?: string | undefined;
  /** Number of the layer, lowest first. */
  readonly layer?: number | undefined;
}

/** What a check found out; at least one piece of evidence whatever it is. */
export interface CheckOutcome {
  readonly status: CheckStatus;
  readonly evidence: readonly Evidence[];
}

/** One row of the checklist: a file in `checks/` of its name, a line in `checks.ts`, a section in docs/audit.md. */
export interface Check {
  /** As policies name it. Stable once released. */
  readonly name: string;
  /** What is so when it passed: `does not run as root`. */
  readonly title: string;
  readonly level: CheckLevel;
  /** What to do when it failed, in one sentence. */
  readonly hint: string;
  /** Looks at what was read of the image; does no I/O. */
  run(image: AuditedImage, policy: AuditPolicy): CheckOutcome;
}

export function passed(text: string, more: Omit<Evidence, 'text'> = {}): CheckOutcome {
  return { status: 'passed', evidence: [{ text, ...more }] };
}

export function notApplicable(text: string): CheckOutcome {
  return { status: 'not-applicable', evidence: [{ text }] };
}

export function failed(...evidence: readonly (Evidence | string)[]): CheckOutcome {
  return { status: 'failed', evidence: evidence.map((each) => (typeof each === 'string' ? { text: each } : each)) };
}

/** Failed where there is anything to show, else passed with what was looked for. */
export function failedIfAny(found: readonly Evidence[], otherwise: string): CheckOutcome {
  return found.length > 0 ? failed(...found) : passed(otherwise);
}
