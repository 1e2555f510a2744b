import { type Check, failed, notApplicable, passed } from '../check.ts';
import { formatBytes } from '../format-bytes.ts';

export const size: Check = {
  name: 'size',
  title: 'is not larger than its budget',
  level: 'error',
  hint: '"slipway size" shows where the bytes are.',
  run({ sizeBytes }, { budgetBytes }) {
    if (budgetBytes === undefined) return notApplicable(`no budget is set; it has ${formatBytes(sizeBytes)}`);
    const sizes = `${formatBytes(sizeBytes)} of ${formatBytes(budgetBytes)}`;
    return sizeBytes <= budgetBytes ? passed(sizes) : failed(sizes);
  },
};
