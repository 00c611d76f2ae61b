/**
 * Answers a function that gives the members of an object their documented spelling, since their case differs between
 * versions of the platform (`AssetID`, `AssetId`). Members of other names are kept; objects already right are returned as
 * they are.
 */
export function createMemberFold(names: readonly string[]): (value: unknown) => unknown {
  const documented = new Map(names.map((name) => [name.toLowerCase(), name]));
  // Pages repeat the same few spellings, so each is looked at once.
  const spellings = new Map<string, string | null>();
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    let folded: Record<string, unknown> | null = null;
    for (const key of Object.keys(value)) {
      let name = spellings.get(key);
      if (name === undefined) {
        name = documented.get(key.toLowerCase()) ?? null;
        spellings.set(key, name);
      }
      if (name === null || name === key || Object.hasOwn(value, name)) continue;
      folded ??= { ...value };
      folded[name] = Reflect.get(value, key);
    }
    return folded ?? value;
  };
}

/** How an object itself spells a member; the documented spelling when it has none. */
export function spellingOf(value: unknown, name: string): string {
  if (typeof value !== 'object' || value === null || Object.hasOwn(value, name)) return name;
  return Object.keys(value).find((key) => key.toLowerCase() === name.toLowerCase()) ?? name;
}
