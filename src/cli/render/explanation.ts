import fastStringWidth from 'fast-string-width';
import type { ExplainedMiss, ExplainedStep, Explanation } from '../../explain/explanation.ts';
import type { Terminal } from '../terminal.ts';
import { clip } from './clip.ts';
import { formatDuration } from './duration.ts';
import { formatSize } from './size.ts';

/** Where nobody has to read it in so many columns, lines are as long as they are. */
const WIDE = 200;

/** Steps named after "caused"; the rest is counted. */
const CAUSED_SHOWN = 4;

/** What became of each step, then each first miss with its cause, its cost and what would have avoided it. */
export function renderExplanation(explanation: Explanation, terminal: Terminal): string {
  const steps = stepTable(explanation.steps, terminal);
  const misses = explanation.misses.map((miss) => renderMiss(miss, explanation, terminal));
  return `${[steps, summary(explanation, terminal), ...misses].filter((part) => part !== '').join('\n')}`;
}

const OUTCOMES: Readonly<Record<ExplainedStep['outcome'], string>> = {
  hit: 'cached',
  run: 'ran',
  'not-needed': 'not needed',
  failed: 'failed',
  cancelled: 'stopped',
};

function stepTable(steps: readonly ExplainedStep[], terminal: Terminal): string {
  const placeWidth = Math.max(0, ...steps.map(({ place }) => place.length));
  const textWidth = Math.min(
    Math.max(0, ...steps.map(({ text }) => fastStringWidth(text))),
    Math.max(20, (terminal.isTerminal ? terminal.columns() : WIDE) - placeWidth - 24),
  );
  return steps.map((step) => `${stepLine(step, { placeWidth, textWidth }, terminal)}\n`).join('');
}

function stepLine(
  { place, text, outcome, durationMs, importedFrom }: ExplainedStep,
  { placeWidth, textWidth }: { readonly placeWidth: number; readonly textWidth: number },
  { colors }: Terminal,
): string {
  const shown = clip(text, textWidth);
  const gap = ' '.repeat(Math.max(0, textWidth - fastStringWidth(shown)));
  const took = outcome === 'not-needed' || outcome === 'hit' ? '' : formatDuration(durationMs);
  const origin = importedFrom === undefined ? '' : `, imported from ${importedFrom}`;
  const word = `${OUTCOMES[outcome]}${origin}`.padEnd(took ? 8 : 0);
  const tinted = outcome === 'failed' ? colors.red(word) : outcome === 'run' ? colors.yellow(word) : colors.dim(word);
  return `  ${colors.dim(place.padEnd(placeWidth))}  ${shown}${gap}  ${tinted}${took}`.trimEnd();
}

function summary({ steps, cached, misses }: Explanation, { colors }: Terminal): string {
  const savedMs = steps.reduce((sum, step) => sum + (step.outcome === 'hit' ? step.durationMs : 0), 0);
  const saved = savedMs >= 100 ? `, which spared ${formatDuration(savedMs)}` : '';
  const text = `${cached} of ${steps.length} steps were cached${saved}.`;
  const title = misses.length === 0 ? '' : misses.length === 1 ? ' First miss:' : ` First misses:`;
  return `${colors.bold(text + title)}\n`;
}

function renderMiss(miss: ExplainedMiss, { steps }: Explanation, terminal: Terminal): string {
  const { colors } = terminal;
  const byNumber = new Map(steps.map((step) => [step.number, step]));
  const caused = miss.caused.flatMap((number) => byNumber.get(number) ?? []);
  const own = causeStep(miss, byNumber);
  const labelWidth = Math.max(LABEL_WIDTH, own?.place.length ?? 0);
  const width = Math.max(30, (terminal.isTerminal ? terminal.columns() : WIDE) - labelWidth - 5);
  const entry = (name: string, text: string) =>
    wrap(text, width).map((line, index) => `  ${colors.dim((index === 0 ? name : '').padEnd(labelWidth))}  ${line}`);
  const lines = miss.causes.flatMap(({ text }, index) => entry(index === 0 ? (own?.place ?? '') : '', text));
  if (caused.length > 0) lines.push(...entry('caused', causedText(caused)));
  const size = miss.costBytes > 0 ? `, ${formatSize(miss.costBytes)} made anew` : '';
  lines.push(...entry('cost', `${formatDuration(miss.costMs)} of steps${size}`));
  if (miss.advice) {
    const { text, line, savedMs } = miss.advice;
    const place = line === undefined ? '' : ` (Dockerfile:${line})`;
    const of = `${formatDuration(savedMs)} of ${formatDuration(miss.costMs)}`;
    lines.push(...entry('advice', `${text}: ${of}${place}`));
  }
  return `${lines.join('\n')}\n`;
}

/** Lines of at most so many columns, broken between words where there are any. */
function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && fastStringWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

const LABEL_WIDTH = 'caused'.length;

/** The step the cause lies in, which may stand before the one that ran first. */
function causeStep(
  { causes, steps }: ExplainedMiss,
  byNumber: ReadonlyMap<number, ExplainedStep>,
): ExplainedStep | undefined {
  return byNumber.get(causes[0]?.step ?? 0) ?? byNumber.get(steps[0] ?? 0);
}

function causedText(caused: readonly ExplainedStep[]): string {
  const slowest = [...caused].sort((a, b) => b.durationMs - a.durationMs).slice(0, CAUSED_SHOWN);
  const named = caused.filter((step) => slowest.includes(step));
  const rest = caused.length - named.length;
  const texts = named.map(({ text, durationMs }) => `${clip(text, 48)} ${formatDuration(durationMs)}`);
  return [...texts, ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}
