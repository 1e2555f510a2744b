import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseDockerfile } from '../../dockerfile/dockerfile.ts';
import { DEFAULT_SETTINGS } from '../lint.ts';
import { type GoCommand, goBuilds, goCommands, linkerFlags, namedOutput } from './go-build.ts';
import { readSubject } from './read-subject.ts';

function subjectOf(text: string) {
  const dockerfile = parseDockerfile(`FROM golang:1.26\n${text}\n`);
  return readSubject(dockerfile, { context: undefined, policy: DEFAULT_SETTINGS.policy });
}

function only(text: string): GoCommand {
  const [command, ...others] = goCommands(subjectOf(text));
  assert.ok(command && others.length === 0);
  return command;
}

describe('go commands of a stage', () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    'RUN go build': ['build'],
    'RUN go mod download && go build .': ['mod download', 'build'],
    'RUN cd x && time /usr/local/go/bin/go install ./...': ['install'],
    'RUN ["go", "vet"]': ['vet'],
    'RUN echo go build; make build': [],
    'RUN if true; then CGO_ENABLED=0 go build; fi': ['build'],
  };
  for (const [text, verbs] of Object.entries(cases)) {
    it(text, () =>
      assert.deepEqual(
        goCommands(subjectOf(text)).map(({ verb }) => verb),
        verbs,
      ),
    );
  }

  it('an install of a tool is no build', () => {
    assert.equal(goBuilds(subjectOf('RUN go install example.com/x@latest && go install ./cmd/x')).length, 1);
  });
});

describe('flags', () => {
  const cases: Readonly<
    Record<string, readonly [readonly (readonly [string, string | undefined])[], readonly string[]]>
  > = {
    'go build -o /app -trimpath ./cmd/x': [
      [
        ['o', '/app'],
        ['trimpath', undefined],
      ],
      ['./cmd/x'],
    ],
    'go build --ldflags="-s -w" .': [[['ldflags', '-s -w']], ['.']],
    "go build -ldflags '-X main.v=1' -a -v": [
      [
        ['ldflags', '-X main.v=1'],
        ['a', undefined],
        ['v', undefined],
      ],
      [],
    ],
    'go build -tags netgo,osusergo -mod=vendor': [
      [
        ['tags', 'netgo,osusergo'],
        ['mod', 'vendor'],
      ],
      [],
    ],
  };
  for (const [text, [flags, operands]] of Object.entries(cases)) {
    it(text, () => {
      const command = only(`RUN ${text}`);
      assert.deepEqual(
        command.flags.map(({ name, value }) => [name, value]),
        flags,
      );
      assert.deepEqual(
        command.operands.map(({ text }) => text),
        operands,
      );
    });
  }

  it('their places are those of the text', () => {
    const subject = subjectOf('RUN go build \\\n  -ldflags "-s" -o /x');
    const [command] = goCommands(subject);
    const slices = command?.flags.map(({ start, end }) => subject.text.text.slice(start, end));
    assert.deepEqual(slices, ['-ldflags "-s"', '-o /x']);
  });

  it('words of -ldflags', () => {
    assert.deepEqual(linkerFlags(only(`RUN go build -ldflags "-s -X 'main.v=a b'"`)), ['-s', '-X', "'main.v=a b'"]);
    assert.deepEqual(linkerFlags(only('RUN go build -ldflags=')), []);
    assert.equal(linkerFlags(only('RUN go build')), undefined);
  });
});

describe('environment, folder and output', () => {
  const cases: Readonly<Record<string, readonly [string | undefined, string | undefined]>> = {
    'RUN go build -o /app': [undefined, '/app'],
    'ENV CGO_ENABLED=0\nRUN go build -o /app': ['0', '/app'],
    'ARG CGO=0\nRUN CGO_ENABLED=$CGO go build -o /app': ['0', '/app'],
    'RUN export CGO_ENABLED=0 && go build -o /app': ['0', '/app'],
    'RUN go env -w CGO_ENABLED=0 && go build -o /app': ['0', '/app'],
    'RUN CGO_ENABLED=0 make; go build -o /app': [undefined, '/app'],
    'RUN env CGO_ENABLED=1 go build -o app': ['1', undefined],
    'WORKDIR /src\nRUN go build -o app': [undefined, '/src/app'],
    'WORKDIR /src\nRUN cd cmd && go build -o ../app': [undefined, '/src/app'],
    'RUN cd $X && go build -o app': [undefined, undefined],
    'RUN go build -o /bin/ ./cmd/server': [undefined, '/bin/server'],
    'RUN go build -o /bin/ ./...': [undefined, undefined],
    'RUN go build -o $OUT .': [undefined, undefined],
  };
  for (const [text, [cgo, output]] of Object.entries(cases)) {
    it(JSON.stringify(text), () => {
      const command = goCommands(subjectOf(text)).find(({ verb }) => verb === 'build');
      assert.ok(command);
      assert.deepEqual([command.env.get('CGO_ENABLED'), namedOutput(command)], [cgo, output]);
    });
  }

  it('mounts of the RUN', () => {
    const { mounts } = only('RUN --mount=type=cache,target=/root/.cache/go-build --mount=type=nothing go build');
    assert.deepEqual(
      mounts.map(({ type, target }) => [type, target]),
      [['cache', '/root/.cache/go-build']],
    );
  });
});
