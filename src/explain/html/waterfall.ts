import type { BuildRecord, StepRecord } from '../../build/record/build-record.ts';
import { stripControl } from '../../diagnostics/redact.ts';
import { duration, escapeHtml } from '../../page/markup.ts';
import { criticalPath } from '../critical-path.ts';
import { numberSteps, stepText } from '../explain.ts';

/** Shares of the width that a bar leaves free where its time is written. */
const ROOM_RIGHT = 0.6;
const ROOM_LEFT = 0.4;

/** Lines of the time scale. */
const TICKS = 5;

interface Scale {
  readonly startMs: number;
  readonly lengthMs: number;
}

/** A lane a stage, a row a step; bars stand where the time went, steps of the critical path are marked. */
export function waterfall(record: BuildRecord): string {
  const scale = { startMs: record.startedMs, lengthMs: Math.max(1, record.endedMs - record.startedMs) };
  const critical = new Set(criticalPath(record.steps));
  const lanes = new Map<string, string[]>();
  for (const index of inOrder(record.steps)) {
    const step = record.steps[index] as StepRecord;
    const rows = lanes.get(step.place?.stage ?? '') ?? [];
    lanes.set(step.place?.stage ?? '', [...rows, stepRow(step, critical.has(index), scale)]);
  }
  const phases = record.phases.map(({ name, startedMs, endedMs }) =>
    row(
      { label: name, state: 'phase', note: duration(endedMs - startedMs), startMs: startedMs, endMs: endedMs },
      scale,
    ),
  );
  const all = [...lanes].map(([stage, rows]) => lane(stage === '' ? 'steps' : stage, rows));
  return `<div class="waterfall">${axis(scale)}${all.join('')}${phases.length > 0 ? lane('around the steps', phases) : ''}</div>
<p class="legend"><span class="key ran">ran</span><span class="key critical">critical path</span><span class="key hit">cached: no time</span><span class="key failed">failed</span></p>`;
}

/** Indexes of what is shown, in the order of the Dockerfile. */
function inOrder(steps: readonly StepRecord[]): readonly number[] {
  const numbers = numberSteps(steps);
  const shown = [...steps.keys()].filter((index) => numbers[index] !== 0);
  return shown.sort((a, b) => (numbers[a] ?? 0) - (numbers[b] ?? 0));
}

function lane(name: string, rows: readonly string[]): string {
  return `<section class="lane"><h3>${escapeHtml(name)}</h3><ol>${rows.join('')}</ol></section>`;
}

/** Where a step did not run on this machine, it says whose result it is. */
function cachedText({ importedFrom }: StepRecord): string {
  return importedFrom === undefined ? 'cached' : `cached, imported from ${stripControl(importedFrom)}`;
}

function stepRow(step: StepRecord, isCritical: boolean, scale: Scale): string {
  const { outcome, durationMs, startedMs, endedMs } = step;
  const label = `${step.place ? `${step.place.index}/${step.place.total} ` : ''}${stepText(step)}`;
  if (outcome === 'hit')
    return row({ label, state: 'hit', note: `${cachedText(step)}, spared ${duration(durationMs)}` }, scale);
  if (outcome === 'not-needed') return row({ label, state: 'hit', note: 'not needed' }, scale);
  const state = outcome === 'run' ? 'ran' : 'failed';
  const note = `${duration(durationMs)}${outcome === 'run' ? '' : `, ${outcome}`}${isCritical ? ', critical path' : ''}`;
  const times = { startMs: startedMs ?? scale.startMs, endMs: endedMs ?? scale.startMs };
  return row({ label, state: isCritical ? `${state} critical` : state, note, ...times }, scale);
}

interface Row {
  readonly label: string;
  readonly state: string;
  readonly note: string;
  readonly startMs?: number;
  readonly endMs?: number;
}

function row({ label, state, note, startMs, endMs }: Row, scale: Scale): string {
  const title = escapeHtml(`${label}: ${note}`);
  const from = startMs === undefined ? 0 : (startMs - scale.startMs) / scale.lengthMs;
  const length = startMs === undefined || endMs === undefined ? 0 : (endMs - startMs) / scale.lengthMs;
  const bar =
    startMs === undefined
      ? ''
      : `<span class="bar" style="left:${percent(from)};width:max(3px,${percent(length)})"></span>`;
  const side = timePlace(from, length);
  return `<li class="row ${state}" tabindex="0" title="${title}"><span class="name">${escapeHtml(label)}</span><span class="track">${bar}<span class="time" style="${side}">${escapeHtml(note)}</span></span></li>`;
}

/** Beside the bar where there is room, else in it. */
function timePlace(from: number, length: number): string {
  if (from + length <= ROOM_RIGHT) return `left:${percent(from + length + 0.01)}`;
  if (from >= ROOM_LEFT) return `right:${percent(1 - from + 0.01)}`;
  return `left:${percent(from + 0.01)};color:var(--back)`;
}

function axis({ lengthMs }: Scale): string {
  const ticks = Array.from({ length: TICKS }, (_, index) => (lengthMs * index) / (TICKS - 1));
  return `<div class="axis" aria-hidden="true">${ticks.map((ms) => `<span>${duration(ms)}</span>`).join('')}</div>`;
}

function percent(share: number): string {
  return `${(Math.min(1, Math.max(0, share)) * 100).toFixed(2)}%`;
}
