import type { AssignmentRule } from './match-secrets.ts';

/** A file that holds a secret whatever its content looks like. */
interface SecretFile {
  readonly title: string;
  /** Of the slash-separated path, without a leading slash. */
  readonly pattern: RegExp;
}

const SECRET_FILES: readonly SecretFile[] = [
  { title: 'SSH private key', pattern: /(?:^|\/)id_(?:rsa|dsa|ecdsa|ed25519|ecdsa_sk|ed25519_sk)$/ },
  { title: "SSH host's private key", pattern: /(?:^|\/)ssh_host_\w+_key$/ },
  {
    title: 'file of environment variables',
    pattern: /(?:^|\/)\.env(?:\.(?!(?:example|sample|template|dist|tpl|schema|test|defaults?)$)[\w.-]+)?$/,
  },
  { title: "curl's and git's logins", pattern: /(?:^|\/)[._]netrc$/ },
  { title: "git's logins", pattern: /(?:^|\/)\.git-credentials$/ },
  { title: "AWS client's keys", pattern: /(?:^|\/)\.aws\/credentials$/ },
  {
    title: "Google Cloud client's login",
    pattern: /(?:^|\/)(?:gcloud\/(?:credentials\.db|access_tokens\.db)|application_default_credentials\.json)$/,
  },
  { title: "Azure client's login", pattern: /(?:^|\/)\.azure\/(?:accessTokens\.json|msal_token_cache\.\w+)$/ },
  { title: "kubectl's login", pattern: /(?:^|\/)\.kube\/config$/ },
  { title: "Python package index's login", pattern: /(?:^|\/)\.pypirc$/ },
  { title: "PostgreSQL client's password", pattern: /(?:^|\/)\.pgpass$/ },
  { title: "Vault client's token", pattern: /(?:^|\/)\.vault-token$/ },
  { title: "s3cmd's keys", pattern: /(?:^|\/)\.s3cfg$/ },
  { title: "GitHub client's login", pattern: /(?:^|\/)\.config\/gh\/hosts\.yml$/ },
  { title: 'key store', pattern: /\.(?:p12|pfx|jks|keystore|kdbx)$/i },
  { title: 'PuTTY private key', pattern: /\.ppk$/i },
  { title: 'GnuPG private keys', pattern: /(?:^|\/)\.gnupg\/(?:secring\.gpg|private-keys-v1\.d\/[^/]+\.key)$/ },
  { title: "Terraform's state", pattern: /\.tfstate(?:\.backup)?$/ },
  { title: "Rails' master key", pattern: /(?:^|\/)config\/(?:master|credentials\/\w+)\.key$/ },
];

/** Written to show how something looks or to test it: whatever is in there is no secret of the image's owner. */
const TEST_PATH =
  /(?:^|\/)(?:[\w.-]*[-_.])?(?:testdata|fixtures?|tests?|e2e|spec|stubs?|mocks?|snapshots?|examples?|samples?)(?:[-_.][\w.-]*)?\/|(?:^|[/._-])(?:test|sample|example|template)[-_.][^/]*$|_test\.go$|\.(?:test|spec)\.[cm]?[jt]sx?$|(?:^|\/)test_[^/]+\.py$|\.(?:egg|dist)-info\/|\.(?:md|rst|adoc|pod)$|(?:^|\/)(?:docs?|man|README[^/]*)(?:\/|$)/i;

/** What a file of this path is known to hold, such as `SSH private key`; undefined for other files and for those of tests and documentation. */
export function secretFileTitle(path: string): string | undefined {
  if (isTestPath(path)) return undefined;
  return SECRET_FILES.find(({ pattern }) => pattern.test(path))?.title;
}

/** Whether a path lies among tests, examples or documentation, whose keys are made to be seen. */
export function isTestPath(path: string): boolean {
  return TEST_PATH.test(path);
}

const SETTINGS =
  /(?:^|\/)(?:\.env(?:\.[\w.-]+)?|\.npmrc|\.pypirc|\.s3cfg|\.pgpass|credentials|[\w.-]+\.env)$|(?:^|\/)run\/secrets\//;
const CONFIGURATION =
  /\.(?:ya?ml|json|toml|ini|conf|cfg|cnf|config|properties|tfvars|sh|bash|xml|envrc|service|plist|rc)$|(?:^|\/)(?:Dockerfile|Makefile|Jenkinsfile)(?:\.[\w-]+)?$/i;
/** Of what only looks like configuration: hashes and generated names for thousands of packages. */
const LOCK_FILE =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|go\.sum|composer\.lock|Cargo\.lock|poetry\.lock|[\w.-]+\.min\.js)$/;

/** How far names of variables count in a file of this path: program text has too many that look alike. */
export function assignmentRuleFor(path: string): AssignmentRule {
  if (isTestPath(path) || LOCK_FILE.test(path)) return 'none';
  if (SETTINGS.test(path)) return 'literal';
  return CONFIGURATION.test(path) ? 'generated' : 'none';
}
