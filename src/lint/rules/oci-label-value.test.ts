import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { ociLabelValue as rule } from './oci-label-value.ts';

const FOUND = {
  'LABEL org.opencontainers.image.created="yesterday"': [
    '2:40 "yesterday" of org.opencontainers.image.created is not a time by RFC 3339, such as 2026-01-31T12:00:00Z.',
  ],
  'LABEL org.opencontainers.image.url=example org.opencontainers.image.source=github.com/a/b': [
    '2:36 "example" of org.opencontainers.image.url is not an address.',
    '2:76 "github.com/a/b" of org.opencontainers.image.source is not an address.',
  ],
  'LABEL org.opencontainers.image.licenses="MIT, BSD"': [
    '2:41 "MIT, BSD" of org.opencontainers.image.licenses is not an SPDX expression, such as Apache-2.0 or MIT OR BSD-3-Clause.',
  ],
  'LABEL org.opencontainers.image.base.digest=latest': [
    '2:44 "latest" of org.opencontainers.image.base.digest is not a digest.',
  ],
  'LABEL org.opencontainers.image.created=2026-01-31T12:00:00Z': [],
  'LABEL org.opencontainers.image.url=https://example.com': [],
  'LABEL org.opencontainers.image.source=git@github.com:a/b': [],
  'LABEL org.opencontainers.image.licenses="MIT OR (Apache-2.0 AND BSD-3-Clause)"': [],
  'LABEL org.opencontainers.image.created=$DATE': [],
  'LABEL url=example': [],
  'LABEL org.opencontainers.image.title="a b"': [],
};

describe('oci-label-value', () => {
  testFindings(rule, FOUND, { head: 'FROM scratch\n' });
});
