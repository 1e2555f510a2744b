import fastStringWidth from 'fast-string-width';
import type { BuildOutlook, PlannedStep } from '../../explain/plan.ts';
import type { Terminal } from '../terminal.ts';
import { clip } from './clip.ts';
import { formatDuration } from './duration.ts';
import { formatSize } from './size.ts';

/** Where nobody has to read it in so many columns, lines are as long as they are. */
const WIDE = 200;

const WORDS: Readonly<Record<PlannedStep['outcome'], string>> = {
  hit: 'cached',
  run: 'runs',
  maybe: 'may run',
  'not-needed': 'not needed',
};
const WORD_WIDTH = 7;

/** What would run and how long it may take, then every step that is no plain hit with its reason, or all of them. */
export function renderOutlook(outlook: BuildOutlook, terminal: Terminal): string {
  const { colors } = terminal;
  const notes = [
    ...outlook.unknownBases.map(
      (name) => `${name} is not in the store: what is built on it, and its size, are unknown (--pull asks)`,
    ),
    ...outlook.unseenFiles.map((file) => `${file} is not in the build context, or .dockerignore hides it`),
  ].map((note) => `${colors.yellow('note')}: ${note}\n`);
  return `${colors.bold(summary(outlook))}\n\n${stepLines(outlook.steps, terminal)}${notes.length > 0 ? '\n' : ''}${notes.join('')}`;
}

function summary(outlook: BuildOutlook): string {
  const { steps, wouldRun, mayRun, fetchBytes, unknownBases } = outlook;
  if (wouldRun + mayRun === 0) return `would run nothing: all ${steps.length} steps are cached; nothing to download`;
  const maybe = mayRun === 0 ? '' : `, and perhaps ${mayRun} more`;
  const download =
    unknownBases.length > 0
      ? 'downloads unknown'
      : fetchBytes > 0
        ? `${formatSize(fetchBytes)} to download`
        : 'nothing to download';
  return `would run ${wouldRun} of ${steps.length} steps${maybe}, ${timeText(outlook)}; ${download}`;
}

function timeText({ expectedMs, possibleMs, lastBuildMs }: BuildOutlook): string {
  const last = lastBuildMs === undefined ? '' : ` (last build: ${formatDuration(lastBuildMs)})`;
  if (expectedMs === undefined) return `for an unknown time${last}`;
  const most = possibleMs >= 100 ? ` to ${formatDuration(expectedMs + possibleMs)}` : '';
  return `about ${formatDuration(expectedMs)}${most}${last}`;
}

function stepLines(steps: readonly PlannedStep[], terminal: Terminal): string {
  const placeWidth = Math.max(0, ...steps.map(({ place }) => place.length));
  const room = Math.max(16, (terminal.isTerminal ? terminal.columns() : WIDE) - placeWidth - WORD_WIDTH - 8);
  const textWidth = Math.min(Math.max(0, ...steps.map(({ text }) => fastStringWidth(text))), Math.ceil(room * 0.55));
  return steps.map((step) => stepLine(step, { placeWidth, textWidth }, terminal)).join('');
}

function stepLine(
  { place, text, outcome, reason, expectedMs, fetchBytes }: PlannedStep,
  { placeWidth, textWidth }: { readonly placeWidth: number; readonly textWidth: number },
  { colors }: Terminal,
): string {
  const shown = clip(text, textWidth);
  const gap = ' '.repeat(Math.max(0, textWidth - fastStringWidth(shown)));
  const word = WORDS[outcome].padEnd(WORD_WIDTH);
  const tinted = outcome === 'run' ? colors.yellow(word) : outcome === 'maybe' ? colors.cyan(word) : colors.dim(word);
  const runs = outcome === 'run' || outcome === 'maybe';
  const facts = [
    ...(runs && expectedMs !== undefined ? [formatDuration(expectedMs)] : []),
    ...(fetchBytes ? [`${formatSize(fetchBytes)} to download`] : []),
  ];
  const right = [reason ?? '', facts.length > 0 ? colors.dim(`(${facts.join(', ')})`) : ''].filter(
    (part) => part !== '',
  );
  return `${`  ${colors.dim(place.padEnd(placeWidth))}  ${shown}${gap}  ${tinted}  ${right.join(' ')}`.trimEnd()}\n`;
}
