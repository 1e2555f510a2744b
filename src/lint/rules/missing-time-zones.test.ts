import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fixedBy, messagesOf } from '../lint.fixture.ts';
import { missingTimeZones as rule } from './missing-time-zones.ts';

const program = (imports = '') =>
  `package main\n\nimport (\n\t"time"\n${imports})\n\nfunc main() {\n\ttime.LoadLocation("Europe/Paris")\n}\n`;
const files = (main: string) => ({ files: { 'go.mod': 'module example.com/app\n\ngo 1.26\n', 'main.go': main } });

function dockerfile(final: string, flags = ''): string {
  return `FROM golang:1.26 AS build\nRUN go build ${flags}-o /app .\nFROM ${final}\nCOPY --from=build /app /app\n`;
}

describe('missing-time-zones', () => {
  for (const [final, title] of [
    ['scratch', 'scratch'],
    ['alpine:3.22', 'alpine'],
  ] as const) {
    it(final, async () =>
      assert.deepEqual(await messagesOf(rule, dockerfile(final), files(program())), [
        `3:6 main.go:8 loads a time zone, and ${title} has no zone files: time.LoadLocation fails.`,
      ]),
    );
  }

  for (const text of [
    dockerfile('gcr.io/distroless/static'),
    dockerfile('alpine:3.22\nRUN apk add --no-cache tzdata'),
    dockerfile('scratch\nCOPY --from=build /usr/share/zoneinfo /usr/share/zoneinfo'),
    dockerfile('scratch\nENV ZONEINFO=/zoneinfo.zip'),
    dockerfile('scratch', '-tags timetzdata '),
  ]) {
    it(`silent for ${JSON.stringify(text)}`, async () =>
      assert.deepEqual(await messagesOf(rule, text, files(program())), []));
  }

  it('silent where the program has the zones itself', async () => {
    const embedded = files(program('\t_ "time/tzdata"\n'));
    assert.deepEqual(await messagesOf(rule, dockerfile('scratch'), embedded), []);
  });

  it('puts them into the binary', async () => {
    const fixed = await fixedBy(rule, dockerfile('scratch'), files(program()));
    assert.equal(fixed, dockerfile('scratch', '-tags timetzdata '));
  });
});
