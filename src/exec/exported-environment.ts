import { KnownError } from '../diagnostics/known-error.ts';
import { stripControl } from '../diagnostics/redact.ts';
import type { ExecSpec, Isolation } from './executor.ts';
import { HELPER_VARIABLES } from './helper-process.ts';
import { withHome } from './home-directory.ts';
import { exportLine } from './shell-text.ts';

/**
 * A line of shell after which the environment is that of the spec, and nothing of the helper's is left in it. It is
 * sent through a pipe rather than as an argument, since it may hold secrets.
 * @throws KnownError SANDBOX_UNAVAILABLE for a name that no shell can pass on.
 */
export function exportedEnvironment(spec: ExecSpec, isolation: Isolation): string {
  const { line, leftOut } = exportLine(withHome(spec));
  const [refused] = leftOut;
  if (refused === undefined) return `unset ${HELPER_VARIABLES.join(' ')} setup PWD OLDPWD; ${line}`;
  const name = stripControl(refused.split('=', 1)[0] ?? '');
  throw new KnownError(
    'SANDBOX_UNAVAILABLE',
    `The environment variable "${name}" has a name that --isolation=${isolation} cannot pass on.`,
    { hint: 'Use letters, digits and _ in its name, or install crun or runc for --isolation=oci.' },
  );
}
