import { setTimeout as sleep } from 'node:timers/promises';
import { RegistryError } from './registry-error.ts';

export interface RetryPolicy {
  /** Attempts in all, the first included. */
  readonly attempts: number;
  /** Wait before the second attempt; it doubles with each further one. */
  readonly baseDelayMs: number;
  /** No wait is longer; a registry that asks for more is not tried again. */
  readonly maxDelayMs: number;
}

export const DEFAULT_RETRY_POLICY: RetryPolicy = { attempts: 5, baseDelayMs: 500, maxDelayMs: 30_000 };

/** For an attempt within one that is itself tried again. */
export const ONE_ATTEMPT: RetryPolicy = { attempts: 1, baseDelayMs: 0, maxDelayMs: 0 };

/** Runs an attempt again while it fails with a retryable `RegistryError`, waiting longer each time. */
export async function withRetries<T>(
  policy: RetryPolicy,
  attempt: () => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      signal?.throwIfAborted();
      await waitBeforeRetry(policy, { error, failures }, signal);
    }
  }
}

/** Waits as long as the failure asks for, or throws it when it is final. `failures` counts it too. */
export async function waitBeforeRetry(
  policy: RetryPolicy,
  { error, failures }: { readonly error: unknown; readonly failures: number },
  signal: AbortSignal | undefined,
): Promise<void> {
  if (!(error instanceof RegistryError) || !error.retryable || failures >= policy.attempts) throw error;
  const asked = error.retryAfterMs ?? 0;
  if (asked > policy.maxDelayMs) throw error;
  const backoff = Math.min(policy.baseDelayMs * 2 ** (failures - 1), policy.maxDelayMs);
  // Half of it at random, so that clients cut off together do not come back together.
  const delayMs = Math.max(asked, backoff * (0.5 + Math.random() / 2));
  try {
    await sleep(delayMs, undefined, { signal });
  } catch (aborted) {
    signal?.throwIfAborted();
    throw aborted;
  }
}

/** The wait a Retry-After header asks for, in milliseconds: seconds or an HTTP date. RFC 9110, section 10.2.3. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
