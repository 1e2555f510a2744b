import type { Terminal } from '../terminal.ts';
import { type BuildHeader, renderBuildHeader } from './build-header.ts';
import { PlainProgress } from './plain-progress.ts';
import type { ProgressKind, ProgressRenderer } from './progress.ts';
import { RawjsonProgress } from './rawjson-progress.ts';
import { TtyProgress } from './tty-progress.ts';

export interface ProgressOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly header: BuildHeader;
}

/** The renderer for a kind; `auto` is the live view on a terminal that is nobody's CI log, plain lines elsewhere. */
export function showProgress(terminal: Terminal, kind: ProgressKind, options: ProgressOptions): ProgressRenderer {
  const { env, header } = options;
  const write = (text: string) => terminal.write(text);
  switch (kind) {
    case 'auto':
      return showProgress(terminal, terminal.isTerminal && !env.CI ? 'tty' : 'plain', options);
    case 'tty':
      return new TtyProgress(terminal, { now: Date.now, header: (plan) => renderBuildHeader(header, plan, terminal) });
    case 'plain':
      return new PlainProgress(write);
    case 'rawjson':
      return new RawjsonProgress(write);
    case 'quiet':
    case 'none':
      return { event: () => undefined, finish: () => undefined };
  }
}
