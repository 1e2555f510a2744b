import type { Terminal } from '../terminal.ts';

/** The plain Markdown of the project's pages as terminal text: headings in bold, code as it stands, paragraphs wrapped. */
export function renderMarkdown(text: string, { colors, columns }: Terminal): string {
  const width = Math.min(columns(), 100);
  const blocks = text.trimEnd().split(/\n{2,}/);
  return `${blocks.map((block) => renderBlock(block, width, colors.bold)).join('\n\n')}\n`;
}

function renderBlock(block: string, width: number, bold: (text: string) => string): string {
  const heading = /^#+ (.*)/.exec(block)?.[1];
  if (heading !== undefined && !block.includes('\n')) return bold(heading);
  if (block.startsWith('    ')) return block;
  if (/^[-*] |^\d+\. /.test(block))
    return block
      .split(/\n(?=[-*] |\d+\. )/)
      .map((item) => wrap(item, width, '  '))
      .join('\n');
  if (block.startsWith('|')) return block;
  return wrap(block, width, '');
}

/** Lines of at most so many characters; those after the first are indented. */
export function wrap(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}
