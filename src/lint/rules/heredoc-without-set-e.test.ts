import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { heredocWithoutSetE as rule } from './heredoc-without-set-e.ts';

const OPTIONS = { head: 'FROM debian:12\n' };
const FOUND = {
  'RUN <<EOF\nmake\nmake install\nEOF': ['2:1 Of the 2 commands here only the last decides whether the step fails.'],
  'RUN <<-EOF\n\tcd /src; make\n\tEOF': ['2:1 Of the 2 commands here only the last decides whether the step fails.'],
  'RUN <<EOF\nset -eux\nmake\nmake install\nEOF': [],
  'RUN <<EOF\nset -o errexit\na\nb\nEOF': [],
  'RUN <<EOF\n#!/bin/bash\na\nb\nEOF': [],
  'RUN <<EOF\na && b\nEOF': [],
  'RUN <<EOF\necho a\nb\nEOF': [],
  'SHELL ["/bin/sh", "-ec"]\nRUN <<EOF\na\nb\nEOF': [],
  'RUN cat <<EOF > /x\na\nb\nEOF': [],
};
const FIXED = {
  'RUN <<EOF\na\nb\nEOF': 'RUN <<EOF\nset -e\na\nb\nEOF',
  'RUN <<-EOF\n\ta\n\tb\n\tEOF': 'RUN <<-EOF\n\tset -e\n\ta\n\tb\n\tEOF',
};

describe('heredoc-without-set-e', () => {
  testFindings(rule, FOUND, OPTIONS);
  testFixes(rule, FIXED, OPTIONS);
});
