import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { dnfCacheLeft as rule } from './dnf-cache-left.ts';

const OPTIONS = { head: 'FROM fedora:42\n' };
const FOUND = {
  'RUN dnf install -y git': ['2:9 dnf install leaves its cache in this layer.'],
  'RUN yum -y install git': ['2:12 yum install leaves its cache in this layer.'],
  'RUN microdnf install git': ['2:14 microdnf install leaves its cache in this layer.'],
  'RUN dnf install -y git && dnf clean all': [],
  'RUN yum -y install git && rm -rf /var/cache/yum': [],
  'RUN --mount=type=cache,target=/var/cache/libdnf5 dnf install -y git': [],
  'RUN dnf install -y git\nFROM scratch': [],
  'RUN dnf --installroot=/out install -y git': [],
};
const FIXED = {
  'RUN dnf install -y \\\n    git': 'RUN dnf install -y \\\n    git \\\n    && dnf clean all',
};

describe('dnf-cache-left', () => {
  testFindings(rule, FOUND, OPTIONS);
  testFixes(rule, FIXED, OPTIONS);
});
