import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { sourcesShipped as rule } from './sources-shipped.ts';

const head = 'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o app .\nFROM alpine\nWORKDIR /run\n';

describe('sources-shipped', () => {
  const folder = ['7:19 /src of the build stage holds all sources beside the binary.'];
  testFindings(
    rule,
    {
      'COPY --from=build /src .': folder,
      'COPY --from=build /src /app': folder,
      'COPY --from=build /src/app .\nCOPY . .': [
        '8:1 COPY of the whole context into the image that ships brings the sources beside the binary.',
      ],
      'COPY --from=build /src/app .': [],
      'COPY --from=build /src/app .\nCOPY web web': [],
      'COPY --from=build /src/web web': [],
      'COPY . .': [],
    },
    { head },
  );
  testFindings(rule, {
    'FROM golang AS b\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/app .\nFROM alpine\nCOPY --from=b /out /bin': [],
  });
  testFixes(
    rule,
    {
      'COPY --from=build /src .': 'COPY --from=build /src/app .',
      'COPY --from=build /src /app': 'COPY --from=build /src /app',
    },
    { head },
  );
});
