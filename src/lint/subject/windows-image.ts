/** As far as the name tells: Microsoft's own, and tags of official images that name them. */
export function isWindowsImage(name: string): boolean {
  return /^mcr\.microsoft\.com\/windows(?:\/|:|@|$)|(?:nanoserver|windowsservercore|windows-servercore)/i.test(name);
}
