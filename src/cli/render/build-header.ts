import { basename } from 'node:path';
import type { BuildEvent } from '../../build/progress/build-event.ts';
import type { ContextFiles } from '../../context/context-files.ts';
import type { Terminal } from '../terminal.ts';
import { clip } from './clip.ts';
import { formatSize } from './size.ts';

export interface BuildHeader {
  readonly tags: readonly string[];
  /** Absolute path of the context; undefined when it is no directory. */
  readonly contextDir: string | undefined;
  /** Looks at the context, when it is to be shown. */
  context(): ContextFiles | undefined;
}

/** The first line of a build: what is made, from what, of which files. */
export function renderBuildHeader(
  { tags, contextDir, context }: BuildHeader,
  { base = '', platform = '' }: Extract<BuildEvent, { readonly type: 'plan' }>,
  terminal: Terminal,
): string {
  const { colors, columns, unicode } = terminal;
  const name = tags[0] ?? (contextDir === undefined ? '' : basename(contextDir));
  const found = context();
  const parts = [base, platform, ...(found ? [contextText(found)] : [])].filter((part) => part !== '');
  const line = clip(`${name ? `${name}  ` : ''}${parts.join(unicode ? ' · ' : ', ')}`, columns() - 1, terminal);
  return line.startsWith(`${name}  `) ? colors.bold(name) + line.slice(name.length) : line;
}

function contextText({ files, bytes, hidden, isCut }: ContextFiles): string {
  if (isCut) return `context of more than ${files.length} files`;
  const ignored = hidden.length > 0 ? ` (${hidden.length} ignored)` : '';
  return `context ${files.length} ${files.length === 1 ? 'file' : 'files'}, ${formatSize(bytes)}${ignored}`;
}
