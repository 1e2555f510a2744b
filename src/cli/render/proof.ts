import { stripControl } from '../../diagnostics/redact.ts';
import type { Measurement, Proof } from '../../prove/prove-fixes.ts';
import type { Terminal } from '../terminal.ts';
import { formatDuration } from './duration.ts';
import { formatSize } from './size.ts';
import { renderTable } from './table.ts';

/** What fixes brought, as a table. */
export function renderProof({ before, after, changedFile }: Proof, { unicode }: Terminal): string {
  const row = (
    title: string,
    value: (measured: Measurement) => number | undefined,
    show: (value: number) => string,
  ) => {
    const [old, now] = [value(before), value(after)];
    return old === undefined || now === undefined ? [] : [[title, show(old), show(now), change(old, now, unicode)]];
  };
  const table = renderTable(
    ['', 'BEFORE', 'AFTER', ''],
    [
      ...row('image size', ({ sizeBytes }) => sizeBytes, formatSize),
      ...row('layers', ({ layers }) => layers, String),
      ...row('build, from nothing', ({ coldMs }) => coldMs, formatDuration),
      ...row('build, one line changed', ({ changedMs }) => changedMs, formatDuration),
    ],
  );
  const note = changedFile === undefined ? '' : `\nThe line was changed in ${stripControl(changedFile)}.\n`;
  return `${table}${note}`;
}

function change(before: number, after: number, unicode: boolean): string {
  const percent = before === 0 ? 0 : Math.round(((after - before) / before) * 100);
  if (percent === 0) return '';
  return percent < 0 ? `${unicode ? '−' : '-'}${-percent} %` : `+${percent} %`;
}
