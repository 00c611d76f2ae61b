import type { SchemeRedirects } from '../ports/scheme-redirects.ts';
import type { RedirectAnswer, RedirectListener } from './redirect-listener.ts';
import { SignInError } from './sign-in-error.ts';

/**
 * Waits for the browser to come back by a scheme of our own. The first address with an answer in it is handed on, any
 * later one is left alone. Throws SignInError `not_possible` where addresses cannot be handed over.
 */
export function listenForScheme(options: {
  readonly redirects: SchemeRedirects | null;
  readonly scheme: string;
  readonly path: string;
  readonly onAnswer: (parameters: URLSearchParams) => Promise<RedirectAnswer>;
}): RedirectListener {
  const { redirects, scheme, path, onAnswer } = options;
  if (redirects === null)
    throw new SignInError(
      'not_possible',
      'A redirect scheme works in the desktop program only. Leave it empty here and use redirect ports.',
    );
  if (!redirects.claim(scheme))
    throw new SignInError(
      'not_possible',
      `The system does not hand addresses of ${scheme} to Clearway. Use redirect ports in place of the scheme.`,
    );
  let used = false;
  const close = redirects.listen((address) => {
    const { protocol, host, pathname, searchParams } = address;
    if (used || protocol !== `${scheme}:` || host !== '' || pathname !== path) return;
    if (!searchParams.has('code') && !searchParams.has('error')) return;
    used = true;
    void onAnswer(searchParams);
  });
  return { redirectUri: `${scheme}:${path}`, close };
}
