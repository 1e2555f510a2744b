import type { Rule } from '../rule.ts';
import { formatBytes, totalBytes } from '../subject/byte-count.ts';
import { contextSources, copiedFiles } from '../subject/copied-files.ts';

/** Strict: an interpreter's program is often the whole directory. */
export const copyEverything: Rule = {
  name: 'copy-everything',
  family: 'context',
  severity: 'info',
  level: 'strict',
  summary: 'The whole context is copied into the image that is shipped',

  *check(subject) {
    for (const source of contextSources(subject)) {
      if (source.path !== '' || !source.stage.isShipped) continue;
      const files = subject.context ? copiedFiles(subject.context, source) : undefined;
      const size = files ? `: ${files.length} files, ${formatBytes(totalBytes(files))}` : '';
      yield {
        message: `${source.step.instruction.original} brings everything into the image${size}.`,
        range: source.word.range,
        hint: 'Name the directories that the program needs.',
      };
    }
  },
};
