import { keyFormats } from './formats/key-formats.ts';
import { loginFormats } from './formats/login-formats.ts';
import { tokenFormats } from './formats/token-formats.ts';
import type { SecretFormat } from './secret-format.ts';

/** Every known form. */
export const SECRET_FORMATS: readonly SecretFormat[] = [...keyFormats, ...tokenFormats, ...loginFormats];
