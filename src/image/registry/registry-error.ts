import type { ErrorCode } from '../../diagnostics/error-code.ts';
import { KnownError, type KnownErrorOptions } from '../../diagnostics/known-error.ts';

type RegistryErrorCode = Extract<ErrorCode, `REGISTRY_${string}`>;

export interface RegistryErrorOptions extends KnownErrorOptions {
  readonly status?: number | undefined;
  readonly retryable?: boolean;
  readonly retryAfterMs?: number | undefined;
}

/** A registry that cannot be reached, refuses, or answers with something else than was asked. */
export class RegistryError extends KnownError {
  /** The HTTP status, or undefined when there was no answer. */
  readonly status: number | undefined;
  /** Whether the same request may well succeed a little later. */
  readonly retryable: boolean;
  /** How long the registry asked to be left alone, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(code: RegistryErrorCode, message: string, options: RegistryErrorOptions = {}) {
    super(code, message, options);
    this.name = 'RegistryError';
    this.status = options.status;
    this.retryable = options.retryable ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }

  /** The same failure where the caller knows that another attempt can end differently. */
  withRetry(): RegistryError {
    const { message, status, hint, details, cause } = this;
    const options = { status, hint, details, cause, retryable: true };
    return new RegistryError(this.code as RegistryErrorCode, message, options);
  }
}
