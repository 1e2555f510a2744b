import type { Rule } from '../rule.ts';
import { findSentInVain } from '../subject/sent-in-vain.ts';
import { runCommands } from '../subject/steps.ts';

const LEAST_BYTES = 5_000_000;

/** Nothing but tests reads it, and go build never does. */
export const testDataInContext: Rule = {
  name: 'test-data-in-context',
  family: 'context',
  severity: 'info',
  level: 'default',
  summary: 'Data of tests is copied with the sources, although the build runs none',

  *check(subject) {
    for (const { command } of runCommands(subject)) {
      const isTest =
        command.args.some(({ text }) => /^(?:test|check|vet|coverage)$/.test(text)) || /test/.test(command.name);
      if (isTest || /^(?:make|just|task|mage)$/.test(command.name)) return;
    }
    yield* findSentInVain(subject, {
      what: 'Data of tests',
      isOne: ({ path }) => /(?:^|\/)(?:testdata|__snapshots__|test[-_]?fixtures)\//.test(path),
      patterns: () => ['**/testdata'],
      leastBytes: LEAST_BYTES,
    });
  },
};
