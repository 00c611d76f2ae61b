const GONE = '[redacted]';
const MAX_TEXT = 8_000;
const MAX_DEPTH = 6;
const MAX_ITEMS = 100;
const SHORTEST_SECRET = 6;

const SECRET_KEY =
  /pass(word|phrase|wd)?$|secret|token|api[-_]?key|apikey|authorization|^auth$|cookie|credential|private[-_]?key|verifier|sign-?in-?(code|url)/i;
const ACCOUNT_KEY = /account[-_]?(number|no)$|^accountnumber$/i;

const lastFour = (text: string): string => (text.length > 4 ? `…${text.slice(-4)}` : text);

/** Shapes of secrets that are recognised without having been registered. */
const SHAPES: readonly (readonly [RegExp, string | ((match: string) => string)])[] = [
  [/-----BEGIN [A-Z ]+-----[\s\S]*?(?:-----END [A-Z ]+-----|$)/g, GONE],
  [/\b(Bearer|Basic|Digest)\s+[^\s"',;]+/gi, `$1 ${GONE}`],
  [/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, GONE],
  [/(:\/\/)[^/\s@]+@/g, `$1${GONE}@`],
  [
    /([?&#;](?:access_token|refresh_token|id_token|token|code|key|api_?key|client_secret|secret|password|passphrase|sign-in|state|signature|sig)=)[^&\s#"']+/gi,
    `$1${GONE}`,
  ],
  [/(?<![0-9a-f])[0-9a-f]{32,}(?![0-9a-f])/gi, GONE],
  // Random keys in base64url: long, and with all three kinds of character.
  [/(?<![\w-])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?=[\w-]*\d)[\w-]{40,}(?![\w-])/g, GONE],
  // Account numbers: eight digits or more in one run, or in two runs joined by a dash. Dates do not fit either.
  [/(?<![\w.-])[A-Z]{0,3}\d{8,17}(?![\w-]|\.\d)/g, lastFour],
  [/(?<![\w.-])[A-Z0-9]{3,5}-\d{4,8}(?:-\d{1,4})?(?![\w-])/g, lastFour],
];

// Also the C1 range and the line separators of Unicode, which some terminals obey: a log line stays one line.
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

export interface Redactor {
  /** From now on this text is removed from everything, also in its URL, base64 and JSON spellings. Very short texts are ignored. */
  register(secret: string): void;
  /** One safe line of at most 8,000 characters. */
  text(value: string): string;
  /** A plain copy that is safe to write: no secrets, no cycles, bounded depth and size. */
  value(value: unknown, key?: string): unknown;
}

const spellings = (secret: string): string[] => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret, 'utf8').toString('base64'),
  Buffer.from(secret, 'utf8').toString('base64url'),
  JSON.stringify(secret).slice(1, -1),
];

/** Removes secrets by key and by value from whatever is about to be logged. */
export const createRedactor = (): Redactor => {
  const known = new Set<string>();
  let longestFirst: readonly string[] = [];

  const text = (value: string): string => {
    let safe = value;
    for (const secret of longestFirst) if (safe.includes(secret)) safe = safe.replaceAll(secret, GONE);
    for (const [shape, replacement] of SHAPES) {
      safe = typeof replacement === 'string' ? safe.replace(shape, replacement) : safe.replace(shape, replacement);
    }
    safe = safe.replace(CONTROL, ' ');
    return safe.length > MAX_TEXT ? `${safe.slice(0, MAX_TEXT)}… (${safe.length} characters)` : safe;
  };

  const failure = (error: Error, depth: number, seen: Set<object>): unknown => {
    const out: Record<string, unknown> = { name: text(error.name), message: text(error.message) };
    for (const key of Object.keys(error)) {
      if (key !== 'name' && key !== 'message') out[text(key)] = walk(Reflect.get(error, key), key, depth + 1, seen);
    }
    if (error.stack !== undefined) out['stack'] = text(error.stack);
    if (error.cause !== undefined) out['cause'] = walk(error.cause, 'cause', depth + 1, seen);
    if (error instanceof AggregateError) out['errors'] = walk(error.errors, 'errors', depth + 1, seen);
    return out;
  };

  const members = (value: object, depth: number, seen: Set<object>): unknown => {
    if (Array.isArray(value)) {
      const items: unknown[] = value.slice(0, MAX_ITEMS).map((item) => walk(item, '', depth + 1, seen));
      return value.length > MAX_ITEMS ? [...items, `… ${value.length - MAX_ITEMS} more`] : items;
    }
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid date' : value.toISOString();
    if (value instanceof URL) return text(value.href);
    if (value instanceof Map) return members(Object.fromEntries([...value].map(([k, v]) => [String(k), v])), depth, seen);
    if (value instanceof Set) return members([...value], depth, seen);
    const out: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    for (const key of Object.keys(value).slice(0, MAX_ITEMS))
      out[text(key)] = walk(Reflect.get(value, key), key, depth + 1, seen);
    return out;
  };

  const walk = (value: unknown, key: string, depth: number, seen: Set<object>): unknown => {
    if (value === null || value === undefined) return value;
    if (SECRET_KEY.test(key) && typeof value !== 'boolean') return GONE;
    switch (typeof value) {
      case 'string':
        return ACCOUNT_KEY.test(key) ? lastFour(text(value)) : text(value);
      case 'number':
        return ACCOUNT_KEY.test(key) ? lastFour(String(value)) : value;
      case 'boolean':
        return value;
      case 'bigint':
        return text(value.toString());
      case 'object': {
        if (seen.has(value)) return '[circular]';
        if (depth >= MAX_DEPTH) return '[deeper]';
        seen.add(value);
        try {
          return value instanceof Error ? failure(value, depth, seen) : members(value, depth, seen);
        } catch {
          return '[unreadable]';
        } finally {
          seen.delete(value);
        }
      }
      default:
        return `[${typeof value}]`;
    }
  };

  return {
    register: (secret) => {
      if (secret.length < SHORTEST_SECRET) return;
      for (const spelling of spellings(secret)) known.add(spelling);
      longestFirst = [...known].sort((a, b) => b.length - a.length);
    },
    text,
    value: (value, key = '') => walk(value, key, 0, new Set()),
  };
};
