import type { FindingFormat } from './finding-format.ts';

/** One object a finding, one a line; ranges are one-based, `end` is exclusive, edits are offsets in UTF-16 code units. */
export const json: FindingFormat = {
  render(reports) {
    const lines = reports
      .flatMap(({ findings }) => findings)
      .map(({ range, code, ...finding }) => {
        const { file, start, end } = range;
        return JSON.stringify({ file, start, end, rule: code, ...finding });
      });
    return lines.map((line) => `${line}\n`).join('');
  },
};
