import type { FindingFormat } from './finding-format.ts';

const COMMANDS = { error: 'error', warning: 'warning', info: 'notice' } as const;

/** Workflow commands that GitHub Actions shows beside the lines ("Workflow commands": setting an error message). */
export const github: FindingFormat = {
  render(reports) {
    const lines = reports
      .flatMap(({ findings }) => findings)
      .map(({ range, severity, code, message, hint }) => {
        const { file, start, end } = range;
        // Columns may be given only where a finding stays on its line.
        const columns = start.line === end.line ? [`col=${start.column}`, `endColumn=${end.column}`] : [];
        const place = [`file=${property(file)}`, `line=${start.line}`, `endLine=${end.line}`, ...columns];
        const text = data(hint ? `${message} ${hint}` : message);
        return `::${COMMANDS[severity]} ${[...place, `title=${property(code)}`].join(',')}::${text}\n`;
      });
    return lines.join('');
  },
};

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
