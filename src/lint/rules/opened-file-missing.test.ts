import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { openedFileMissing as rule } from './opened-file-missing.ts';

const BUILD =
  'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /out/app .\nFROM alpine:3.22\n';
const APP = 'COPY --from=build /out/app /bin/app\n';
const CMD = 'ENTRYPOINT ["/bin/app"]';
const FILES = {
  'go.mod': 'module example.com/app\n\ngo 1.26\n',
  'main.go':
    'package main\n\nimport "html/template"\n\nfunc main() { template.Must(template.ParseGlob("templates/*.html")) }\n',
  'templates/a.html': '<p>\n',
};
const found = (place: string) => [`${place} main.go:5 opens templates/*.html, which the image does not have.`];

describe('opened-file-missing', () => {
  testFindings(
    rule,
    {
      [`${APP}${CMD}`]: found('6:1'),
      [`WORKDIR /srv\n${APP}COPY templates /templates\n${CMD}`]: found('7:1'),
      [`WORKDIR /srv\n${APP}COPY templates ./templates\n${CMD}`]: [],
      [`WORKDIR /srv\n${APP}COPY --from=build /src/templates /srv/templates/\n${CMD}`]: [],
      [`WORKDIR /srv\n${APP}COPY . .\n${CMD}`]: [],
      [`${APP}COPY templates/a.html /templates/\n${CMD}`]: [],
      [`${APP}VOLUME /templates\n${CMD}`]: [],
      [`${APP}RUN mkdir templates\n${CMD}`]: [],
    },
    { head: BUILD, files: FILES },
  );
  const embedded = {
    ...FILES,
    'main.go':
      'package main\n\nimport _ "embed"\n\n//go:embed templates/a.html\nvar page string\n\nfunc main() { println(page) }\n',
  };
  testFindings(rule, { [`${APP}${CMD}`]: [] }, { head: BUILD, files: embedded });
});
