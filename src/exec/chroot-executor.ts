import { KnownError } from '../diagnostics/known-error.ts';
import type { ExecResult, Executor } from './executor.ts';

export class ChrootExecutor implements Executor {
  readonly isolation = 'chroot';
  readonly description = 'chroot';

  async run(): Promise<ExecResult> {
    throw new KnownError('SANDBOX_UNAVAILABLE', '--isolation=chroot is not available yet');
  }
}
