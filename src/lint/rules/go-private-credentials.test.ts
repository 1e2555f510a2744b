import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { messagesOf } from '../lint.fixture.ts';
import { goPrivateCredentials as rule } from './go-private-credentials.ts';

describe('go-private-credentials', () => {
  const found = (place: string, where: string) => [
    `${place} TOKEN is written into ${where} from a build argument, which the image's history or the build cache keeps.`,
  ];
  const git = `git config --global url."https://x:\${TOKEN}@github.com/".insteadOf "https://github.com/"`;
  const cases: Readonly<Record<string, readonly string[]>> = {
    [`ARG TOKEN\nRUN ${git} && go mod download`]: found('3:5', "git's configuration"),
    [`ENV TOKEN=x\nRUN ${git}`]: found('3:5', "git's configuration"),
    'ARG TOKEN\nRUN echo "machine github.com login x password $TOKEN" > $HOME/.netrc': found('3:5', '.netrc'),
    [`RUN --mount=type=secret,id=t TOKEN=$(cat /run/secrets/t) && ${git}`]: [],
    [`RUN ${git}`]: [],
    'ARG TOKEN\nRUN git config --global url."ssh://git@github.com/".insteadOf "https://github.com/"': [],
    'ARG TOKEN\nRUN rm /root/.netrc': [],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(text, async () => assert.deepEqual(await messagesOf(rule, `FROM golang:1.26\n${text}\n`), expected));
  }
});
