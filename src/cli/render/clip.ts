import fastStringWidth from 'fast-string-width';

/** Text in at most so many columns; what is left out is marked, without signs beyond ASCII where it is told so. */
export function clip(text: string, width: number, { unicode } = { unicode: true }): string {
  if (fastStringWidth(text) <= width) return text;
  let clipped = '';
  let used = 0;
  for (const char of text) {
    used += fastStringWidth(char);
    if (used > width - 1) break;
    clipped += char;
  }
  return `${clipped}${unicode ? '…' : '~'}`;
}
