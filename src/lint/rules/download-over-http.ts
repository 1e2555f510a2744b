import type { SourceRange } from '../../diagnostics/source-range.ts';
import type { Rule } from '../rule.ts';
import { downloadsOf, isLocalUrl } from '../subject/downloads.ts';
import { stepsOf } from '../subject/steps.ts';

/** Anybody on the way can put something else in its place. */
export const downloadOverHttp: Rule = {
  name: 'download-over-http',
  family: 'practice',
  severity: 'warning',
  level: 'default',
  summary: 'A file is downloaded without encryption, so that anybody on the way can replace it',

  *check(subject) {
    const places: { url: string; range: SourceRange }[] = [];
    for (const { download } of downloadsOf(subject))
      for (const { text, start, end } of download.urls)
        places.push({ url: text, range: subject.text.rangeOf(start, end) });
    for (const { step } of stepsOf(subject, 'ADD')) {
      const isChecked = step.instruction.flags.some(({ name }) => name === 'checksum');
      for (const { text, range } of isChecked ? [] : step.instruction.sources) places.push({ url: text, range });
    }
    for (const { url, range } of places) {
      if (!/^(?:http|ftp):\/\//i.test(url) || isLocalUrl(url) || url.includes('://$')) continue;
      const host = /^\w+:\/\/(?:[^/@]*@)?([^/?#]+)/.exec(url)?.[1] ?? 'the server';
      yield {
        message: `A file comes from ${host} over plain ${url.slice(0, url.indexOf(':')).toLowerCase()}.`,
        range,
        hint: 'Write https://.',
      };
    }
  },
};
