/** A private key of SSH, or the directory that has them, by its name. */
export function isSshKey(path: string): boolean {
  return (
    /(?:^|\/)(?:\.ssh\/?$|\.ssh\/(?!known_hosts|config|authorized_keys|environment|rc$|agent)[^/]*$|id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?$)/.test(
      path,
    ) && !path.endsWith('.pub')
  );
}
