import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { pipVersion as rule } from './pip-version.ts';

const FOUND = {
  'RUN pip install flask requests==2': ['2:17 pip installs flask in whatever version is newest today.'],
  'RUN pip install --upgrade uvicorn[standard]': [
    '2:27 pip installs uvicorn[standard] in whatever version is newest today.',
  ],
  'RUN pip install -i https://example.com/simple flask': [
    '2:47 pip installs flask in whatever version is newest today.',
  ],
  'RUN pip install flask==3.1 "requests>=2,<3"': [],
  'RUN pip install --upgrade pip setuptools wheel': [],
  'RUN pip install -r requirements.txt flask': [],
  'RUN pip install .': [],
  'RUN pip install ./dist/a.whl a.whl': [],
  'RUN pip install git+https://github.com/a/b@v1': [],
  'RUN pip install $PACKAGE': [],
  'RUN pip uninstall flask': [],
};

describe('pip-version', () => {
  testFindings(rule, FOUND, { head: 'FROM python:3.13\n' });
});
