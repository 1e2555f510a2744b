import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { editorFilesInContext as rule } from './editor-files-in-context.ts';

const FOUND = {
  'COPY . .': [
    '3:1 Files of an editor or desktop are copied with the sources: .vscode/settings.json and 1 more (4 bytes).',
  ],
  'ADD ./ /src': [
    '3:1 Files of an editor or desktop are copied with the sources: .vscode/settings.json and 1 more (4 bytes).',
  ],
  'COPY main.go .': [],
  'COPY --from=x . .': [],
  'COPY --exclude=.vscode --exclude=**/.DS_Store . .': [],
};

describe('editor-files-in-context', () => {
  testFindings(rule, FOUND, {
    head: 'FROM golang:1.26\nWORKDIR /src\n',
    files: { '.vscode/settings.json': 'x\n', 'web/.DS_Store': 'x\n', 'main.go': 'x\n' },
  });
});
