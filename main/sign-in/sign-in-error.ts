export type SignInErrorKind =
  | 'not_possible' // facts are missing or wrong, or no port is free
  | 'denied' // the person or the platform said no
  | 'mismatch' // the answer belongs to another sign-in or came from another server
  | 'timed_out' // nobody came back within the time
  | 'cancelled'
  | 'grant_ended' // the platform says invalid_grant: a person must sign in again
  | 'temporary'; // network, 5xx or an answer that cannot be read: the same token may be tried again

/** A sign-in or renewal that failed. The message is one sentence or two for the screen. */
export class SignInError extends Error {
  override readonly name = 'SignInError';
  readonly kind: SignInErrorKind;

  constructor(kind: SignInErrorKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
  }
}
