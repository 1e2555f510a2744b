import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { goOutputGuessed as rule } from './go-output-guessed.ts';

const BUILD = 'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN go build';
const SHIP = '\nFROM scratch\nCOPY --from=build /src/app /bin/app\nENTRYPOINT ["/bin/app"]';
const guess = (place: string, path: string) => [
  `${place} ${path} is a guess: go build without -o names the binary after the module's path in go.mod.`,
];
const wrong = (place: string, path: string, written: string) => [
  `${place} Nothing is at ${path}: go build without -o writes ${written}.`,
];
const MAIN = 'package main\n\nfunc main() {}\n';

describe('go-output-guessed', () => {
  testFindings(rule, {
    [`${BUILD}${SHIP}`]: guess('6:19', '/src/app'),
    [`${BUILD}\nCMD ["./app"]`]: guess('5:5', '/src/app'),
    [`${BUILD}\nCMD ./app --x`]: guess('5:5', '/src/app'),
    [`${BUILD} ./cmd/server${SHIP}`]: wrong('6:19', '/src/app', '/src/server'),
    [`${BUILD} main.go${SHIP}`]: wrong('6:19', '/src/app', '/src/main'),
    [`${BUILD} ./cmd/app${SHIP}`]: [],
    [`${BUILD} app.go${SHIP}`]: [],
    [`${BUILD} -o app${SHIP}`]: [],
    [`${BUILD} ./...${SHIP}`]: [],
    [`${BUILD} && mv server app${SHIP}`]: [],
    [`${BUILD} && go build -o x ./x${SHIP}`]: [],
    [`${BUILD}\nCMD ["app"]`]: [],
    [`${BUILD}\nCMD ["/other/app"]`]: [],
    [`${BUILD}\nFROM scratch\nCOPY --from=build /src /src\nENTRYPOINT ["/bin/app"]`]: [],
  });
  describe('with the module', () => {
    const files = (path: string) => ({ files: { 'go.mod': `module ${path}\n\ngo 1.26\n`, 'main.go': MAIN } });
    testFindings(rule, { [`${BUILD}${SHIP}`]: wrong('6:19', '/src/app', '/src/shop') }, files('example.com/shop/v2'));
    testFindings(
      rule,
      {
        [`${BUILD}${SHIP}`]: [
          '6:19 /src/app is there only as long as go.mod calls the module so: go build without -o takes the name from it.',
        ],
      },
      files('example.com/app'),
    );
  });
  testFixes(rule, { [`${BUILD} -trimpath .${SHIP}`]: `${BUILD} -o app -trimpath .${SHIP}` });
});
