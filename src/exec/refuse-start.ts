import type { ExecResult, ExecSpec } from './executor.ts';
import { findStartFailure, startFailureResult } from './program-lookup.ts';
import { requireIds, type UserNamespace } from './user-namespace.ts';

/**
 * What every executor asks before it makes anything: the result of a program that cannot be started, or undefined.
 * @throws the signal's reason; KnownError SANDBOX_NO_SUBUID
 */
export function refuseStart(spec: ExecSpec, ids: UserNamespace, signal: AbortSignal): ExecResult | undefined {
  signal.throwIfAborted();
  requireIds(spec.user, ids);
  const failure = findStartFailure(spec);
  return failure && startFailureResult(spec, failure);
}
