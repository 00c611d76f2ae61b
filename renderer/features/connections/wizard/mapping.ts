import type { CallInput, Output } from '../../../../shared/contract/index.ts';

export type Waiting = Output<'connections.unlinked'>['items'][number];

/** What becomes of an account of the platform: an account of the book by id, a new one, or nothing yet. */
export type Fate =
  | { readonly kind: 'link'; readonly id: string; readonly label: string }
  | { readonly kind: 'new' }
  | { readonly kind: 'later' };
export type Fates = Readonly<Record<string, Fate>>;

const LATER: Fate = { kind: 'later' };
export const fateOf = (fates: Fates, externalId: string): Fate => fates[externalId] ?? LATER;

/** Gives the marked accounts their suggestion; one with several or none stays as it is, because taking one would be a guess. */
export const takeSuggestions = (items: readonly Waiting[], fates: Fates): Fates => ({
  ...fates,
  ...Object.fromEntries(
    items.flatMap(({ externalId, suggestions }) => {
      const [only, other] = suggestions;
      return only && !other ? [[externalId, { kind: 'link', id: only.id, label: only.label } satisfies Fate]] : [];
    }),
  ),
});

export const setAll = (items: readonly Waiting[], fates: Fates, fate: Fate): Fates => ({
  ...fates,
  ...Object.fromEntries(items.map(({ externalId }) => [externalId, fate])),
});

/** The decided accounts as the command takes them. */
export const linksOf = (items: readonly Waiting[], fates: Fates): CallInput<'connections.linkAccounts'>['links'] =>
  items.flatMap(({ externalId }) => {
    const fate = fateOf(fates, externalId);
    if (fate.kind === 'later') return [];
    return [fate.kind === 'new' ? { externalId } : { externalId, targetId: fate.id }];
  });

/** Accounts of the book that two rows ask for: one account of a platform is one account of the book. */
export const claimedTwice = (items: readonly Waiting[], fates: Fates): string[] => {
  const claims = items.map(({ externalId }) => fateOf(fates, externalId)).filter((fate) => fate.kind === 'link');
  return [...Map.groupBy(claims, ({ id }) => id).values()].flatMap(([first, second]) => (first && second ? [first.label] : []));
};
