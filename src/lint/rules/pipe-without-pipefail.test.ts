import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { pipeWithoutPipefail as rule } from './pipe-without-pipefail.ts';

const OPTIONS = { head: 'FROM debian:12\n' };
const FOUND = {
  'RUN curl a | bash': ['2:5 When curl fails, the pipe behind it hides that, and the step goes on.'],
  'RUN curl $(arch) | bash': ['2:5 When curl fails, the pipe behind it hides that, and the step goes on.'],
  'RUN tar c a | tar -C b -x': ['2:5 When tar fails, the pipe behind it hides that, and the step goes on.'],
  'RUN curl a | tar xz': [],
  'RUN curl a | tar -C b --strip-components=1 -xzf -': [],
  'RUN curl a | sudo gpg --dearmor -o b': [],
  'RUN curl a | gzip -dc > b': [],
  'RUN curl a && case b in c) echo d;; esac | sort': [],
  'RUN sudo wget a | sort\nRUN tar c a | b': [
    '2:5 When wget fails, the pipe behind it hides that, and the step goes on.',
    '3:5 When tar fails, the pipe behind it hides that, and the step goes on.',
  ],
  'RUN X=$(git tag | tail -1)': ['2:9 When git fails, the pipe behind it hides that, and the step goes on.'],
  'RUN a $(git tag | tail -1)': [],
  'RUN echo a | b': [],
  'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN curl a | b': [],
  'RUN set -eo pipefail; curl a | b': [],
  'RUN curl a || b': [],
  'RUN a | curl -d @- b': [],
  'RUN <<EOF\nset -o pipefail\ncurl a | b\nEOF': [],
};
const FIXED = {
  'ENV A=1\nRUN curl a | b\nRUN curl c | d':
    'ENV A=1\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN curl a | b\nRUN curl c | d',
  'FROM alpine:3.22\nRUN wget a | b': 'FROM alpine:3.22\nSHELL ["/bin/ash", "-o", "pipefail", "-c"]\nRUN wget a | b',
};

describe('pipe-without-pipefail', () => {
  testFindings(rule, FOUND, OPTIONS);
  testFixes(rule, FIXED, OPTIONS);
});
