import { type Check, failed, notApplicable, passed } from '../check.ts';

export const labels: Check = {
  name: 'labels',
  title: 'has labels that lead to its sources',
  level: 'info',
  hint: 'LABEL org.opencontainers.image.source="https://…" and org.opencontainers.image.revision="$REVISION".',
  run({ config: { config } }, { labels: wanted }) {
    if (wanted.length === 0) return notApplicable('the policy asks for none');
    const missing = wanted.filter((key) => !config.Labels?.[key]);
    if (missing.length > 0) return failed(...missing.map((key) => `no label ${key}`));
    return passed(wanted.join(', '));
  },
};
