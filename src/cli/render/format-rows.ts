import { renderGoTemplate } from './go-template.ts';
import { renderTable } from './table.ts';

/** One row of a list: every field by docker's name. */
export type Row = Readonly<Record<string, unknown>>;

/** A column of the default table: its title and the row's field. */
export interface Column {
  readonly title: string;
  readonly field: string;
}

/**
 * A list in the form that was asked for: a table of the columns, `json` (one object a line), `table {{.A}}\t{{.B}}`,
 * or a template a line.
 */
export function formatRows(rows: readonly Row[], columns: readonly Column[], format: string | undefined): string {
  if (format === undefined || format === 'table') {
    return renderTable(
      columns.map(({ title }) => title),
      rows.map((row) => columns.map(({ field }) => String(row[field] ?? ''))),
    );
  }
  if (format === 'json') return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  if (format.startsWith('table ')) return templateTable(rows, format.slice('table '.length));
  return rows.map((row) => `${renderGoTemplate(format, row)}\n`).join('');
}

function templateTable(rows: readonly Row[], template: string): string {
  const cells = template.replace(/\\t/g, '\t').split('\t');
  const titles = cells.map((cell) => (/\.(\w+)\s*\}\}/.exec(cell)?.[1] ?? cell).toUpperCase());
  return renderTable(
    titles,
    rows.map((row) => cells.map((cell) => renderGoTemplate(cell, row))),
  );
}
