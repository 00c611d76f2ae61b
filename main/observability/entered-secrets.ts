const SECRET = /key|secret|password/i;

/**
 * Tells the log of every secret among the `credentials` of a call before anything is done with it: one that is used once
 * and never stored is not heard of anywhere else.
 */
export function registerEntered(input: unknown, register: (secret: string) => void): void {
  if (typeof input !== 'object' || input === null) return;
  const credentials: unknown = Reflect.get(input, 'credentials');
  if (typeof credentials !== 'object' || credentials === null) return;
  for (const [name, value] of Object.entries(credentials)) if (SECRET.test(name) && typeof value === 'string') register(value);
}
