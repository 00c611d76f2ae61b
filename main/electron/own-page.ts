/** Scheme and host that the screens are served from inside the window. */
export const SCHEME = 'app';
export const ORIGIN = 'app://workstation';
export const START_PAGE = `${ORIGIN}/`;

/** Whether an address is one of this program's own pages. Compares parsed parts, so no prefix or userinfo trick passes. */
export function isOwnPage(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, host, username, password } = new URL(address);
  return `${protocol}//${host}` === ORIGIN && username === '' && password === '';
}
