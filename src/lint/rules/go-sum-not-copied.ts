import { insertAt } from '../fix/edits.ts';
import type { Rule } from '../rule.ts';
import { copiesBefore, copiesEverything, copiesFile } from '../subject/context-copies.ts';
import { goCommands } from '../subject/go-build.ts';
import { goFiles } from '../subject/go-files.ts';
import { stepsIn } from '../subject/steps.ts';

/** Without go.sum the download checks nothing against what was tested, and the step does not see its changes. */
export const goSumNotCopied: Rule = {
  name: 'go-sum-not-copied',
  family: 'go',
  severity: 'warning',
  level: 'default',
  summary: 'go mod download runs with go.mod alone, without the checksums of go.sum',

  *check(subject) {
    for (const command of goCommands(subject)) {
      if (command.verb !== 'mod download' || command.mounts.some(({ type }) => type === 'bind')) continue;
      const { hasSum, hasMod } = goFiles(subject.context);
      const copies = copiesBefore(command.stage, command.step);
      const module = copies.find((copy) => copiesFile(copy, 'go.mod'));
      if (!module || hasSum === false || hasMod === false || stepsIn(command.stage, 'ADD').length > 0) continue;
      if (copies.some((copy) => copiesFile(copy, 'go.sum') || copiesEverything(copy))) continue;
      const { sources, destination } = module.instruction;
      const word = sources.find(({ text }) => /(?:^|\/)go\.mod$/.test(text));
      // Two sources need a folder to go into.
      if (!word || !/(?:^|\/)\.?\/?$/.test(destination.text)) continue;
      const end = subject.text.offsetAt(word.range.end);
      const sum = word.text.replace(/go\.mod$/, 'go.sum');
      yield {
        message: `${word.text} is copied without ${sum}: what go mod download fetches is compared with nothing.`,
        range: word.range,
        hint: 'Copy both: go.sum holds the checksums, and go mod download wants to know of its changes.',
        fix: {
          title: `Copy ${sum} as well`,
          safety: hasSum ? 'safe' : 'suggested',
          edits: [
            insertAt(end, ` ${sum}`),
            ...folderEdit(subject.text.offsetAt(destination.range.end), destination.text),
          ],
        },
      };
    }
  },
};

function folderEdit(end: number, destination: string) {
  return destination.endsWith('/') ? [] : [insertAt(end, '/')];
}
