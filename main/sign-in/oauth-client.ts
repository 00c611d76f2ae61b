import type { Platform } from '../../shared/model/holding.ts';
import { signInProvider, type SignInProvider } from './providers.ts';
import { SignInError } from './sign-in-error.ts';

/** A connection's facts as the form or the book holds them. */
export interface SignInFacts {
  readonly platform: Platform;
  readonly baseUrl: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly credentials: Readonly<Record<string, string>>;
}

/** Everything that a sign-in and its renewals need to know about the platform and the client. */
export interface OAuthClient {
  readonly provider: SignInProvider;
  readonly clientId: string;
  /** Null: a public client. */
  readonly clientSecret: string | null;
  readonly authorizeUrl: URL;
  readonly tokenUrl: URL;
  readonly issuer: string;
  readonly scope: string;
  /** Ports tried in order; empty: a free one. */
  readonly ports: readonly number[];
  /** In place of a port; null: the way back is a port. */
  readonly scheme: string | null;
}

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);
/** Plain http is for this machine alone: tokens never cross a network in clear. */
export const isLoopback = (url: URL): boolean => url.protocol === 'http:' && LOOPBACK.has(url.hostname);

function address(text: string, what: string): URL {
  const url = URL.parse(text);
  if (url !== null && url.username === '' && url.password === '' && (url.protocol === 'https:' || isLoopback(url))) return url;
  throw new SignInError('not_possible', `The ${what} must be an address that begins with https://. Correct it and start again.`);
}

function portsOf(text: string): number[] {
  const parts = text.split(/[\s,]+/).filter((part) => part !== '');
  const ports = parts.map((part) => (/^\d{4,5}$/.test(part) ? Number(part) : 0));
  if (ports.some((port) => port < 1024 || port > 65_535))
    throw new SignInError('not_possible', 'Redirect ports are numbers from 1024 to 65535. Correct them and start again.');
  return ports;
}

/** Of a domain its maker owns, written backwards, so that it is not a scheme that other programs live by. */
function schemeOf(text: string): string | null {
  if (text === '') return null;
  if (/^[a-z][a-z0-9+-]*(?:\.[a-z0-9+-]+)+$/i.test(text)) return text.toLowerCase();
  throw new SignInError(
    'not_possible',
    'The redirect scheme must be a domain written backwards, such as com.example.clearway. Correct it and start again.',
  );
}

/** Reads a connection's facts. Throws SignInError `not_possible` with what is missing. */
export function oauthClient(facts: SignInFacts): OAuthClient {
  const provider = signInProvider(facts.platform);
  if (provider === null)
    throw new SignInError('not_possible', 'This platform is not signed in to with the browser. Enter its credentials instead.');
  const said = (values: Readonly<Record<string, string>>, key: string): string => (values[key] ?? '').trim();
  const clientId = said(facts.credentials, 'clientId');
  if (clientId === '')
    throw new SignInError('not_possible', `The client id of ${provider.name} is not filled in. Enter it and start again.`);
  const authorizeUrl = address(said(facts.settings, 'authorizeUrl') || provider.authorizeUrl(facts.baseUrl), 'sign-in page');
  return {
    provider,
    clientId,
    clientSecret: said(facts.credentials, 'clientSecret') || null,
    authorizeUrl,
    tokenUrl: address(said(facts.settings, 'tokenUrl') || provider.tokenUrl(facts.baseUrl), 'token address'),
    issuer: said(facts.settings, 'issuer') || authorizeUrl.origin,
    scope: said(facts.settings, 'scope') || provider.scope,
    scheme: schemeOf(said(facts.settings, 'redirectScheme')),
    ports: portsOf(said(facts.settings, 'redirectPorts')),
  };
}
