import fastStringWidth from 'fast-string-width';
import { stripControl } from '../../diagnostics/redact.ts';
import type { SizeChange, SizeDifference } from '../../size/compare-sizes.ts';
import type { ImageSizes, ProgramSize } from '../../size/image-sizes.ts';
import { wastedText } from '../../size/size-page.ts';
import type { Terminal } from '../terminal.ts';
import { clip } from './clip.ts';
import { formatSize } from './size.ts';

/** Where nobody has to read it in so many columns, lines are as long as they are. */
const WIDE = 200;
const BAR_WIDTH = 20;
/** Below it a bar would leave no room for names. */
const NARROW = 70;
const PERCENT = 100;
const SIZE_WIDTH = 8;

/** A row of a list: how much, and what. */
interface SizeRow {
  readonly sizeBytes: number;
  readonly text: string;
}

/** Totals, then where the bytes are; `top` rows of each list. */
export function renderSizes(sizes: ImageSizes, top: number, terminal: Terminal): string {
  const { layers, directories, files, wasted, duplicates, programs } = sizes;
  const list = (title: string, rows: readonly SizeRow[]) =>
    section(title, rows, { top, whole: sizes.visibleBytes, terminal });
  return [
    heading(sizes, terminal),
    section(
      'Layers',
      layers.map(({ number, instruction, fileBytes }) => ({ sizeBytes: fileBytes, text: `${number}  ${instruction}` })),
      { top: layers.length, whole: sizes.storedBytes, terminal },
    ),
    list(
      'Directories',
      directories.map(({ path, sizeBytes }) => ({ sizeBytes, text: `/${path}` })),
    ),
    list(
      'Files',
      files.map(({ path, sizeBytes }) => ({ sizeBytes, text: `/${path}` })),
    ),
    list(
      'Wasted',
      wasted.map((each) => ({ sizeBytes: each.sizeBytes, text: `/${wastedText(each)}` })),
    ),
    list(
      'Duplicates',
      duplicates.map(({ paths, sizeBytes }) => ({
        sizeBytes: (paths.length - 1) * sizeBytes,
        text: paths.map((path) => `/${path}`).join('  '),
      })),
    ),
    ...programs.slice(0, top).map((program) => programSections(program, top, terminal)),
  ].join('');
}

function heading(sizes: ImageSizes, { colors }: Terminal): string {
  const { image, platform, layers, sizeBytes, blobBytes, efficiency, wastedBytes, duplicateBytes } = sizes;
  const transfer = blobBytes === undefined ? '' : `, ${formatSize(blobBytes)} to transfer`;
  const count = layers.length === 1 ? '1 layer' : `${layers.length} layers`;
  return `${colors.bold(stripControl(image))}  ${platform}, ${count}, ${formatSize(sizeBytes)}${transfer}
efficiency ${(PERCENT * efficiency).toFixed(1)}%, ${formatSize(wastedBytes)} wasted, ${formatSize(duplicateBytes)} duplicate
`;
}

function programSections(program: ProgramSize, top: number, terminal: Terminal): string {
  const { path, sizeBytes, sections, packages } = program;
  const functions = packages
    .flatMap((each) => each.functions)
    .sort((a, b) => b.sizeBytes - a.sizeBytes)
    .map(({ name, sizeBytes: size }) => ({ sizeBytes: size, text: name }));
  const plain = (rows: readonly { readonly name: string; readonly sizeBytes: number }[]) =>
    rows.map(({ name, sizeBytes: size }) => ({ sizeBytes: size, text: name }));
  const options = { top, whole: sizeBytes, terminal };
  const name = `/${path} (Go, ${formatSize(sizeBytes)})`;
  return [
    section(`${name} by section`, plain(sections), options),
    section(`${name} by package`, plain(packages), options),
    section(`${name} by function`, functions, options),
  ].join('');
}

interface SectionOptions {
  readonly top: number;
  readonly whole: number;
  readonly terminal: Terminal;
}

function section(title: string, rows: readonly SizeRow[], { top, whole, terminal }: SectionOptions): string {
  if (rows.length === 0 || top === 0) return '';
  const { colors } = terminal;
  const width = terminal.isTerminal ? terminal.columns() : WIDE;
  const lines = rows.slice(0, top).map((row) => rowLine(row, { whole, width, terminal }));
  const more = rows.length > top ? `  ${colors.dim(`and ${rows.length - top} more`)}\n` : '';
  return `\n${colors.bold(clip(stripControl(title), width, terminal))}\n${lines.join('')}${more}`;
}

function rowLine(
  { sizeBytes, text }: SizeRow,
  { whole, width, terminal }: { readonly whole: number; readonly width: number; readonly terminal: Terminal },
): string {
  const share = whole === 0 ? 0 : sizeBytes / whole;
  const bar = width < NARROW ? '' : `  ${bars(share, terminal)}`;
  const left = `  ${formatSize(sizeBytes).padStart(SIZE_WIDTH)}  ${`${(PERCENT * share).toFixed(1)}%`.padStart(6)}${bar}  `;
  return `${left}${clip(stripControl(text).replace(/\s+/g, ' '), Math.max(10, width - fastStringWidth(left) - 1), terminal)}\n`;
}

function bars(share: number, { unicode, colors }: Terminal): string {
  const filled = Math.min(BAR_WIDTH, Math.round(share * BAR_WIDTH));
  return `${colors.cyan((unicode ? '█' : '#').repeat(filled))}${colors.dim((unicode ? '░' : '.').repeat(BAR_WIDTH - filled))}`;
}

/** Totals of both, then what changed most. */
export function renderDifference(difference: SizeDifference, top: number, terminal: Terminal): string {
  const { before, after, files, packages } = difference;
  const line = (name: string, from: number, to: number) =>
    `  ${name.padEnd(8)} ${formatSize(from).padStart(SIZE_WIDTH)} → ${formatSize(to).padStart(SIZE_WIDTH)}  ${signed(to - from)}\n`;
  const text = [
    `${terminal.colors.bold(stripControl(before.image))} → ${terminal.colors.bold(stripControl(after.image))}\n`,
    line('size', before.sizeBytes, after.sizeBytes),
    line('visible', before.visibleBytes, after.visibleBytes),
    line('wasted', before.wastedBytes, after.wastedBytes),
    changes('Files', files.map(withSlash), { top, terminal }),
    changes('Go packages', packages.map(withSlash), { top, terminal }),
  ].join('');
  return terminal.unicode ? text : text.replaceAll('→', '->').replaceAll('−', '-');
}

function withSlash(change: SizeChange): SizeChange {
  return { ...change, name: `/${change.name}` };
}

function changes(
  title: string,
  rows: readonly SizeChange[],
  { top, terminal }: { readonly top: number; readonly terminal: Terminal },
): string {
  if (rows.length === 0 || top === 0) return '';
  const width = terminal.isTerminal ? terminal.columns() : WIDE;
  const lines = rows.slice(0, top).map(({ name, beforeBytes, afterBytes }) => {
    const state = beforeBytes === 0 ? 'new' : afterBytes === 0 ? 'gone' : '';
    const left = `  ${signed(afterBytes - beforeBytes).padStart(SIZE_WIDTH + 1)}  ${state.padEnd(4)}  `;
    return `${left}${clip(stripControl(name), Math.max(10, width - fastStringWidth(left) - 1), terminal)}\n`;
  });
  const more = rows.length > top ? `  and ${rows.length - top} more\n` : '';
  return `\n${terminal.colors.bold(title)}\n${lines.join('')}${more}`;
}

function signed(bytes: number): string {
  return bytes < 0 ? `−${formatSize(-bytes)}` : `+${formatSize(bytes)}`;
}
