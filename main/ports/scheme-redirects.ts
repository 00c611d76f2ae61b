/** Addresses of a scheme of our own, which the system hands to the desktop program. */
export interface SchemeRedirects {
  /** Asks the system to hand this program the addresses of a scheme; false where it refuses. */
  claim(scheme: string): boolean;
  /** Every address that is handed over, until the answer is called. */
  listen(heard: (address: URL) => void): () => void;
}
