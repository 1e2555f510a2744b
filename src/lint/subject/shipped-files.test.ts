import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';

describe('files that reach the image', () => {
  const found = ["2:6 . brings a/.netrc (curl's and git's logins) into the image."];
  testFindings(
    { name: 'secret-file-copied' },
    {
      'COPY . /src\nFROM scratch\nCOPY --from=0 /src/b /b': [],
      'COPY . /src\nFROM scratch\nCOPY --from=0 /src/a /a': found,
      'COPY . /src\nFROM scratch AS unused\nCOPY --from=0 / /\nFROM scratch': [],
      'COPY . /src\nFROM scratch\nCOPY --from=0 /src /x\nFROM scratch\nCOPY --from=1 /x/b /b': [],
      'COPY . /src\nFROM scratch\nCOPY --from=0 /src /x\nFROM scratch\nCOPY --from=1 /x /y': found,
    },
    { head: 'FROM scratch\n', files: { 'a/.netrc': 'x\n', 'b/c': 'x\n' } },
  );
});
