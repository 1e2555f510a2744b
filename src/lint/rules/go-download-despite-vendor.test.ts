import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { goDownloadDespiteVendor as rule } from './go-download-despite-vendor.ts';

const found = (place: string) => [`${place} go mod download fetches what go build takes from vendor/.`];
const MOD = 'module example.com/app\n\ngo 1.26\n\nrequire example.com/x v1.0.0\n';
const VENDORED = { 'go.mod': MOD, 'vendor/modules.txt': '# example.com/x v1.0.0\n' };

describe('go-download-despite-vendor', () => {
  testFindings(
    rule,
    {
      'RUN go mod download\nRUN go build -mod=vendor -o /app': found('2:5'),
      'RUN go mod download\nENV GOFLAGS=-mod=vendor\nRUN go build': found('2:5'),
      'COPY . .\nRUN go mod download\nRUN go build -o /app': [],
      'RUN go mod download example.com/tool@v1.0.0\nRUN go build -mod=vendor': [],
      'RUN go mod download\nRUN go build -mod=vendor && go build -mod=mod ./tool': [],
      'RUN go mod download': [],
    },
    { head: 'FROM golang:1.26\n' },
  );
  describe('with a context', () => {
    const cases = { head: 'FROM golang:1.26\n', files: VENDORED };
    testFindings(
      rule,
      {
        'COPY . .\nRUN go mod download\nRUN go build -o /app': found('3:5'),
        'COPY vendor ./vendor\nRUN go mod download && go build -o /app': found('3:5'),
        'COPY go.mod ./\nRUN go mod download\nCOPY cmd ./cmd\nRUN go build': [],
        'COPY . .\nRUN go mod download\nRUN go build -mod=mod': [],
      },
      cases,
    );
    testFixes(rule, { 'COPY . .\nRUN go mod download\nRUN go build': 'COPY . .\nRUN go build' }, cases);
  });
  testFindings(
    rule,
    { 'FROM golang:1.26\nCOPY . .\nRUN go mod download\nRUN go build': [] },
    { files: { 'go.mod': MOD.replace('1.26', '1.13'), 'vendor/modules.txt': '' } },
  );
});
