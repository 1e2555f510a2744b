import type { LintReport } from '../../../lint/lint.ts';
import type { Terminal } from '../../terminal.ts';

/** How findings are shown: a file each here, a line each in `finding-formats.ts`. */
export interface FindingFormat {
  /** The whole output for all files; ends with a newline unless empty. */
  render(reports: readonly LintReport[], terminal: Terminal): string;
}
