import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { debuggerShipped as rule } from './debugger-shipped.ts';

describe('debugger-shipped', () => {
  testFindings(
    rule,
    {
      'CMD ["air", "-c", ".air.toml"]': ['2:5 CMD starts air, which is for the time of writing a program.'],
      'ENTRYPOINT ["/go/bin/dlv", "exec", "/app"]': [
        '2:12 ENTRYPOINT starts dlv, which is for the time of writing a program.',
      ],
      'RUN go install github.com/go-delve/delve/cmd/dlv@v1.25.0': [
        '2:16 github.com/go-delve/delve/cmd/dlv@v1.25.0 is installed into the image that ships.',
      ],
      'RUN go install github.com/go-delve/delve/cmd/dlv@v1.25.0\nFROM scratch': [],
      'FROM golang AS dev\nCMD ["air"]': [],
      'CMD ["/app", "air"]': [],
      'RUN go install example.com/x@v1': [],
    },
    { head: 'FROM golang:1.26\n' },
  );
});
