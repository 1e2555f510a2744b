import type { LintReport } from '../../../lint/lint.ts';
import type { FindingFormat } from './finding-format.ts';

/** Checkstyle's XML, which most CI servers read. Files without findings are listed too: they were looked at. */
export const checkstyle: FindingFormat = {
  render(reports) {
    return `<?xml version="1.0" encoding="UTF-8"?>\n<checkstyle version="4.3">\n${reports.map(fileElement).join('')}</checkstyle>\n`;
  },
};

function fileElement({ file, findings }: LintReport): string {
  const errors = findings.map(({ range: { start }, severity, message, code }) => {
    const place = `line="${start.line}" column="${start.column}"`;
    return `    <error ${place} severity="${severity}" message="${escapeXml(message)}" source="slipway.${escapeXml(code)}"/>\n`;
  });
  return `  <file name="${escapeXml(file)}">\n${errors.join('')}  </file>\n`;
}

/** Control characters may not stand in XML at all, escaped or not (XML 1.0, 2.2). */
function escapeXml(text: string): string {
  const plain = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
  return plain.replace(/[&<>"'\n\r\t]/g, (char) => `&#${char.charCodeAt(0)};`);
}
