import { isRandom, type SecretFormat, tokenFormat } from '../secret-format.ts';
import { entropyBits } from '../secret-value.ts';

const AWS_ID_BITS = 2.5;

/** Tokens that their issuers gave a prefix, so that they can be found. */
export const tokenFormats: readonly SecretFormat[] = [
  {
    kind: 'aws-access-key',
    title: 'AWS access key id',
    anchors: ['AKIA', 'ASIA'],
    pattern: /(?<![A-Za-z0-9+/=])A[KS]IA[A-Z2-7]{16}(?![A-Za-z0-9+/=])/y,
    publicPrefix: 'A',
    isSecret: (value) => entropyBits(value.slice(4)) >= AWS_ID_BITS && /[2-7]/.test(value),
  },
  ...tokenFormat('gcp-api-key', 'Google API key', ['AIza'], '[0-9A-Za-z_-]{35}(?![0-9A-Za-z_-])'),
  ...tokenFormat('github-token', 'GitHub token', ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], '[0-9A-Za-z]{36}'),
  ...tokenFormat('github-token', 'GitHub token', ['github_pat_'], '[0-9A-Za-z]{22}_[0-9A-Za-z]{59}'),
  ...tokenFormat(
    'gitlab-token',
    'GitLab token',
    ['glpat-', 'gldt-', 'glrt-', 'glptt-', 'glcbt-'],
    '[0-9A-Za-z_-]{20,64}',
  ),
  {
    kind: 'slack-token',
    title: 'Slack token',
    anchors: ['xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-', 'xoxe-', 'xapp-'],
    pattern: /x(?:ox[abeprs]|app)-\d[0-9A-Za-z-]{20,200}/y,
    publicPrefix: 'x',
    isSecret: isRandom,
  },
  {
    kind: 'slack-webhook',
    title: 'Slack webhook',
    anchors: ['hooks.slack.com/services/'],
    pattern: /hooks\.slack\.com\/services\/T[0-9A-Z]{7,12}\/B[0-9A-Z]{7,12}\/[0-9A-Za-z]{20,26}/y,
    publicPrefix: 'hooks.slack.com/services/',
    isSecret: isRandom,
  },
  ...tokenFormat('stripe-key', 'Stripe live key', ['sk_live_', 'rk_live_'], '[0-9A-Za-z]{24,120}'),
  ...tokenFormat('npm-token', 'npm token', ['npm_'], '[0-9A-Za-z]{36}(?![0-9A-Za-z_])'),
  ...tokenFormat('pypi-token', 'PyPI token', ['pypi-AgE'], '[0-9A-Za-z_-]{50,250}'),
  ...tokenFormat('rubygems-token', 'RubyGems key', ['rubygems_'], '[0-9a-f]{48}'),
  ...tokenFormat('docker-token', 'Docker Hub token', ['dckr_pat_', 'dckr_oat_'], '[0-9A-Za-z_-]{27,40}'),
  ...tokenFormat('sendgrid-key', 'SendGrid key', ['SG.'], '[0-9A-Za-z_-]{22}\\.[0-9A-Za-z_-]{43}(?![0-9A-Za-z_-])'),
  ...tokenFormat('openai-key', 'OpenAI key', ['sk-proj-', 'sk-svcacct-'], '[0-9A-Za-z_-]{40,200}'),
  ...tokenFormat('anthropic-key', 'Anthropic key', ['sk-ant-'], '(?:api|admin)\\d\\d-[0-9A-Za-z_-]{80,120}'),
  ...tokenFormat('huggingface-token', 'Hugging Face token', ['hf_'], '[0-9A-Za-z]{34}(?![0-9A-Za-z_])'),
  ...tokenFormat('digitalocean-token', 'DigitalOcean token', ['dop_v1_', 'doo_v1_', 'dor_v1_'], '[0-9a-f]{64}'),
  ...tokenFormat('shopify-token', 'Shopify token', ['shpat_', 'shpss_', 'shpca_'], '[0-9a-fA-F]{32}'),
  ...tokenFormat('grafana-token', 'Grafana token', ['glsa_'], '[0-9A-Za-z]{32}_[0-9a-f]{8}'),
  ...tokenFormat(
    'tailscale-key',
    'Tailscale key',
    ['tskey-'],
    '(?:auth|api|client)-[0-9A-Za-z]{10,20}-[0-9A-Za-z]{20,40}',
  ),
  ...tokenFormat('vault-token', 'Vault token', ['hvs.', 'hvb.'], '[0-9A-Za-z_-]{24,200}'),
];
