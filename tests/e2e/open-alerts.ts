import type { Program } from './program.ts';

/** An open alert in the demo firm, which has more conflicts than the threshold set here, and a webhook that is off. Answers its id. */
export async function openAlerts({ call }: Pick<Program, 'call'>): Promise<string> {
  const { items } = await call('alerts.rules', {});
  const found = items.find(({ rule }) => rule === 'conflicts_above');
  if (!found) throw new Error('There is no such rule.');
  const { subjectKind: _, version, ...rule } = found;
  if (rule.threshold !== 10) await call('alerts.updateRule', { ...rule, threshold: 10, expectedVersion: version });
  const destinations = await call('alertDestinations.list', {});
  if (destinations.items.length === 0) {
    const address = { name: 'Desk chat relay', url: 'https://relay.harbour.example/clearway', allowPrivate: false };
    const { id } = await call('alertDestinations.add', address);
    await call('alertDestinations.update', { id, ...address, status: 'off' });
  }
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    const { rows } = await call('alerts.page', {
      filters: [
        { column: 'rule', operator: 'is', value: 'conflicts_above' },
        { column: 'status', operator: 'is', value: 'open' },
      ],
    });
    if (rows[0]) return rows[0].id;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('The alert did not open in time.');
}
