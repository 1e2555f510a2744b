import { isRandom, type SecretFormat } from '../secret-format.ts';
import { entropyBits } from '../secret-value.ts';

/** How lines end in PEM, or how JSON and environment variables write that. */
const NEWLINE = '(?:\\r?\\n|\\\\r\\\\n|\\\\n)';
/** RFC 1421 headers of an encrypted key, between its first line and its body. */
const PEM_HEADERS = `(?:[A-Za-z-]{2,40}: [^\\r\\n\\\\]{0,200}${NEWLINE}|${NEWLINE}){0,6}`;
const PRIVATE_KEY_BITS = 3;

/** Keys by the form their file has. */
export const keyFormats: readonly SecretFormat[] = [
  {
    kind: 'private-key',
    title: 'private key',
    anchors: ['-----BEGIN '],
    pattern: new RegExp(
      `-----BEGIN (?:[A-Z0-9]{2,12} ){0,2}PRIVATE KEY(?: BLOCK)?-----[ \\t]{0,4}${NEWLINE}${PEM_HEADERS}[ \\t]{0,12}(?<body>[A-Za-z0-9+/]{32,76})(?![A-Za-z0-9+/]{0,76}\\.{3})`,
      'y',
    ),
    publicPrefix: '-----BEGIN ',
    isSecret: (value, { groups }) => isKeyBody(value, groups?.['body'] ?? ''),
  },
  {
    kind: 'private-key',
    title: 'PuTTY private key',
    anchors: ['PuTTY-User-Key-File-'],
    pattern: /PuTTY-User-Key-File-[23]: [a-z0-9@.-]{5,40}\r?\nEncryption:/y,
    publicPrefix: 'PuTTY-User-Key-File-',
  },
  {
    kind: 'gcp-service-account',
    title: "Google service account's key",
    anchors: ['"private_key_id"'],
    pattern: /"private_key_id"\s{0,8}:\s{0,8}"(?<secret>[0-9a-f]{40})"/y,
    isSecret: isRandom,
  },
  {
    kind: 'age-key',
    title: 'age secret key',
    anchors: ['AGE-SECRET-KEY-1'],
    pattern: /AGE-SECRET-KEY-1[0-9A-Z]{58}/y,
    publicPrefix: 'AGE-SECRET-KEY-1',
    isSecret: isRandom,
  },
  {
    kind: 'aws-secret-key',
    title: 'AWS secret access key',
    anchors: ['ecret_access_key', 'ecretAccessKey', 'ECRET_ACCESS_KEY'],
    pattern: /ecret_?access_?key["']?\s{0,8}(?:=>|[=:])\s{0,8}["']?(?<secret>[A-Za-z0-9+/]{40})(?![A-Za-z0-9+/=])/iy,
    isSecret: (value) => entropyBits(value) >= 4,
  },
  {
    kind: 'azure-storage-key',
    title: 'Azure storage account key',
    anchors: ['AccountKey='],
    pattern: /AccountKey=(?<secret>[A-Za-z0-9+/]{86}==)/y,
    isSecret: isRandom,
  },
  {
    kind: 'kubeconfig-key',
    title: "kubeconfig's client key",
    anchors: ['client-key-data'],
    // What a PEM file begins with, in base64.
    pattern: /client-key-data["']?:\s{0,8}["']?(?<secret>LS0tLS1CRUdJTi[A-Za-z0-9+/]{60,4000})/y,
  },
];

/** DER's sequence or OpenSSH's magic: other text between such lines is documentation. */
function isKeyBody(value: string, body: string): boolean {
  if (entropyBits(body) < PRIVATE_KEY_BITS && !body.startsWith('b3BlbnNzaC1rZXktdjE')) return false;
  // The body of an encrypted key of the old form is ciphertext.
  if (/ENCRYPTED|BLOCK-----/.test(value)) return true;
  return /^(?:M|b3BlbnNzaC1rZXktdjE)/.test(body);
}
