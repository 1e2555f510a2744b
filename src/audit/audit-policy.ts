import type { CheckLevel } from './check.ts';

/** What an image has to be. Plain data; defaults in `DEFAULT_POLICY`. */
export interface AuditPolicy {
  /** By name of the check. */
  readonly levels: Readonly<Record<string, CheckLevel | 'off'>>;
  /** Checks that may not be "not applicable". */
  readonly required: readonly string[];
  /** Paths (`/usr/bin/su`, `/app/keys/**`) that a check passes over, by its name. */
  readonly allowed: Readonly<Record<string, readonly string[]>>;
  /** Of all layers, uncompressed. */
  readonly budgetBytes: number | undefined;
  readonly maxBaseAgeDays: number;
  /** Keys that an image is to have. */
  readonly labels: readonly string[];
  readonly failOn: CheckLevel | 'never';
}

export const DEFAULT_POLICY: AuditPolicy = {
  levels: {},
  required: [],
  allowed: {},
  budgetBytes: undefined,
  maxBaseAgeDays: 90,
  labels: ['org.opencontainers.image.source', 'org.opencontainers.image.revision'],
  failOn: 'error',
};

/** Whether a policy lets a check pass over a path of the image. */
export function isAllowed({ allowed }: AuditPolicy, check: string, path: string): boolean {
  return (allowed[check] ?? []).some((pattern) => {
    const plain = pattern.replace(/^\//, '');
    return plain.endsWith('/**') ? path.startsWith(plain.slice(0, -2)) : path === plain;
  });
}
