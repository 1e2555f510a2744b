import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { dependenciesAfterSources as rule } from './dependencies-after-sources.ts';

const FOUND = {
  'COPY . .\nRUN npm install --omit=dev': ['4:5 A change of any file of COPY . . runs this step again.'],
  'ADD . /app\nRUN pip install --no-cache-dir -r requirements.txt': [
    '4:5 A change of any file of ADD . /app runs this step again.',
  ],
  'COPY ./ ./\nRUN yarn && yarn build': ['4:5 A change of any file of COPY ./ ./ runs this step again.'],
  'COPY package.json ./\nRUN npm ci\nCOPY . .': [],
  'COPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN npm ci --omit=dev': [],
  'COPY --from=x . .\nRUN npm ci': [],
  'COPY . .\nRUN npm install -g serve': [],
  'COPY . .\nRUN npm run build': [],
  'COPY . .\nRUN yarn build': [],
  'COPY . .\nRUN pip install flask': [],
};

describe('dependencies-after-sources', () => {
  testFindings(rule, FOUND, { head: 'FROM node:22\nWORKDIR /app\n' });
});
