import type { Rule } from '../rule.ts';
import { formatBytes } from '../subject/byte-count.ts';
import { contextSources, copiedFiles } from '../subject/copied-files.ts';

const LARGE = 100_000_000;

/** It is stored, pushed and pulled again whenever anything in its layer changes. */
export const copyLargeFile: Rule = {
  name: 'copy-large-file',
  family: 'context',
  severity: 'info',
  level: 'default',
  summary: 'A very large file becomes part of a layer',

  *check(subject) {
    const { context } = subject;
    if (!context) return;
    for (const source of contextSources(subject)) {
      const file = copiedFiles(context, source).find(({ size }) => size >= LARGE);
      if (!file || (source.step.instruction.sources.length > 1 && source.path === '')) continue;
      yield {
        message: `${file.path} has ${formatBytes(file.size)}.`,
        range: source.word.range,
        hint: 'Mount it at run time, download it in a step with a checksum, or hide it by .dockerignore.',
      };
    }
  },
};
