import type { Rule } from '../rule.ts';
import { goCommands } from '../subject/go-build.ts';

const MOVING = /@(?:latest|master|main|upgrade|patch|HEAD)$/;

/** The version of a tool decides what a build gives; `latest` is another one tomorrow, cached or not. */
export const goInstallLatest: Rule = {
  name: 'go-install-latest',
  family: 'go',
  severity: 'warning',
  level: 'default',
  summary: 'go install takes whatever version of a tool is the newest on the day',
  hadolint: ['DL3062'],

  *check(subject) {
    for (const { verb, operands, isExec, command } of goCommands(subject)) {
      if (verb !== 'install' && verb !== 'get' && verb !== 'run') continue;
      const moving = operands.find(({ text }) => MOVING.test(text));
      if (!moving) continue;
      const place = isExec ? command : moving;
      yield {
        message: `"${moving.text}" is whatever version is the newest on the day.`,
        range: subject.text.rangeOf(place.start, place.end),
        hint: 'Name a version (@v1.2.3), or make it a tool of go.mod (go get -tool) so that go.sum holds it.',
      };
    }
  },
};
