/** Sites that the screens link to: sign-in, developer and help pages of the platforms, and our own. */
export const EXTERNAL_SITES: readonly string[] = [
  'addepar.com',
  'bdreporting.com',
  'blackdiamondwealthplatform.com',
  'clearway.example',
  'orionadvisor.com',
  'orioneclipse.com',
];

/** Whether an address may be handed to the system's browser: https, no credentials in it, a listed site or below one. */
export function isExternalLink(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username, password, port } = new URL(address);
  return (
    protocol === 'https:' &&
    username === '' &&
    password === '' &&
    port === '' &&
    EXTERNAL_SITES.some((site) => hostname === site || hostname.endsWith(`.${site}`))
  );
}

/** The one way out to the system's browser. Addresses that are not listed are reported and not opened. */
export const createExternalLinks =
  (parts: { open: (address: string) => Promise<void>; refused: (address: string) => void; failed: (error: unknown) => void }) =>
  (address: string): void => {
    if (isExternalLink(address)) parts.open(new URL(address).href).catch(parts.failed);
    else parts.refused(address);
  };
