/** A browser as far as signing in needs one: follows redirects, keeps cookies per host, stops before `until`. */
export interface Browser {
  /** Goes to an address and on as it is redirected; answers the last address, its status and its page. */
  open(address: string, options?: { readonly stopAt?: string }): Promise<Visit>;
}

export interface Visit {
  readonly address: string;
  readonly status: number;
  readonly text: string;
}

const MOST_REDIRECTS = 12;

export function createBrowser(): Browser {
  const jar = new Map<string, Map<string, string>>();
  return {
    async open(address, { stopAt } = {}) {
      let url = new URL(address);
      for (let step = 0; step < MOST_REDIRECTS; step += 1) {
        if (stopAt !== undefined && url.pathname === stopAt) return { address: url.href, status: 0, text: '' };
        const cookies = jar.get(url.host) ?? new Map<string, string>();
        jar.set(url.host, cookies);
        const answer = await fetch(url, {
          redirect: 'manual',
          headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
        });
        for (const line of answer.headers.getSetCookie()) {
          const [pair = ''] = line.split(';');
          cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
        }
        const to = answer.headers.get('location');
        if (to === null) return { address: url.href, status: answer.status, text: await answer.text() };
        await answer.arrayBuffer();
        url = new URL(to, url);
      }
      throw new Error(`Redirected more than ${MOST_REDIRECTS} times, last to ${url.href}`);
    },
  };
}
