import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { goEmbedMissing as rule } from './go-embed-missing.ts';

const HEAD = 'FROM golang:1.26\nWORKDIR /src\n';
const FILES = {
  'go.mod': 'module example.com/app\n\ngo 1.26\n',
  'main.go':
    'package main\n\nimport _ "embed"\n\n//go:embed web/index.html\nvar page string\n\nfunc main() { println(page) }\n',
  'web/index.html': '<p>\n',
};
const hidden = (place: string) => [
  `${place} main.go:5 embeds web/index.html, which the ignore file hides: go build fails.`,
];
const notCopied = (place: string) => [
  `${place} main.go:5 embeds web/index.html, which no COPY above go build brings: it fails.`,
];

describe('go-embed-missing', () => {
  testFindings(
    rule,
    {
      'COPY go.mod *.go ./\nRUN go build -o /app': notCopied('4:5'),
      'COPY go.mod *.go ./\nRUN go mod download\nRUN go build -o /app\nCOPY web ./web': notCopied('5:5'),
      'COPY . .\nRUN go build -o /app': [],
      'COPY go.mod *.go ./\nCOPY web ./web\nRUN go build -o /app': [],
      'COPY go.mod *.go ./\nRUN npm run build\nRUN go build -o /app': [],
      'COPY go.mod *.go ./\nCOPY --from=web /out ./web\nRUN go build -o /app': [],
      'RUN --mount=type=bind,target=. go build -o /app': [],
      'ARG X\nCOPY go.mod *.go $X ./\nRUN go build -o /app': [],
    },
    { head: HEAD, files: FILES },
  );
  for (const ignore of ['web\n', '**/*.html\n', '*\n!go.mod\n!*.go\n'])
    testFindings(
      rule,
      { 'COPY . .\nRUN go build -o /app': hidden('4:5') },
      { head: HEAD, files: { ...FILES, '.dockerignore': ignore } },
    );
  testFindings(
    rule,
    { 'COPY . .\nRUN go build -o /app': [], 'COPY . .\nRUN go generate ./...\nRUN go build -o /app': [] },
    { head: HEAD, files: { ...FILES, '.dockerignore': '*\n!go.mod\n!*.go\n!web\n' } },
  );
});
