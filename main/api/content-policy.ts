/** Stands in `<meta name="csp-nonce" content="...">` of the built page until it is served. */
export const NONCE_PLACEHOLDER = '__CSP_NONCE__';

/** 128 bits or more, as the policy wants them. */
export const nonceFrom = (bytes: Uint8Array): string => {
  if (bytes.length < 16) throw new RangeError('A nonce needs at least 16 random bytes');
  return Buffer.from(bytes).toString('base64');
};

/** What the page of the workstation may do. The grid makes style elements, which carry the nonce; scripts come from files only. */
export const contentSecurityPolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');

/** For everything that is not a page: it may do nothing, and nobody may frame it. */
export const NO_CONTENT_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** Headers of every answer, whatever it carries. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()',
};

/** The page with the nonce of this load in it. Throws when the page has no place for one, since its styles would then be refused. */
export const withNonce = (html: string, nonce: string): string => {
  if (!html.includes(NONCE_PLACEHOLDER)) throw new Error(`The page has no ${NONCE_PLACEHOLDER} to replace`);
  return html.replaceAll(NONCE_PLACEHOLDER, nonce);
};
