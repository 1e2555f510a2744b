import type { Rule } from '../rule.ts';
import { isRemoteSource } from '../subject/remote-source.ts';
import { stepsOf } from '../subject/steps.ts';

const ARCHIVE = /\.(?:tar|tgz|tbz2?|txz|tzst|tar\.(?:gz|bz2|xz|zst|lzma|Z))$/i;

/** ADD of plain files: it also unpacks and downloads, so a reader has to wonder which of them is meant. */
export const addInsteadOfCopy: Rule = {
  name: 'add-instead-of-copy',
  family: 'practice',
  severity: 'warning',
  level: 'default',
  summary: 'ADD copies plain files, which COPY does without the surprises of ADD',
  hadolint: ['DL3020'],

  *check(subject) {
    for (const { step } of stepsOf(subject, 'ADD')) {
      const { sources, heredocs, keywordRange, keyword, flags } = step.instruction;
      const needsAdd = flags.some(({ name }) => name === 'checksum' || name === 'keep-git-dir' || name === 'unpack');
      if (needsAdd || sources.some(({ text }) => isRemoteSource(text) || ARCHIVE.test(text) || text.includes('$')))
        continue;
      if (sources.length === 0 && heredocs.length === 0) continue;
      const start = subject.text.offsetAt(keywordRange.start);
      const text = keyword === keyword.toLowerCase() ? 'copy' : 'COPY';
      yield {
        message: `ADD copies ${sources.map(({ text: source }) => JSON.stringify(source)).join(', ') || 'a document'} and does nothing that COPY does not.`,
        range: keywordRange,
        hint: 'Write COPY: it never unpacks an archive or downloads.',
        fix: { title: 'Write COPY', safety: 'safe', edits: [{ start, end: start + keyword.length, text }] },
      };
    }
  },
};
