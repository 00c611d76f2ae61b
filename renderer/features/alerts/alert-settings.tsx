import { useQuery } from '../../api/use-query.ts';
import { FailureView } from '../../components/state-view.tsx';
import { Destinations } from './destinations.tsx';
import { RuleRow } from './rule-row.tsx';
import './alerts.css';

/** What people are told about, and where messages about it are sent. */
export const AlertSettings = ({ mayEdit }: { readonly mayEdit: boolean }) => {
  const rules = useQuery('alerts.rules', {});
  return (
    <section className="settings__part" aria-labelledby="alert-settings">
      <h2 id="alert-settings">Alerts</h2>
      <p className="secondary">
        Each alert stands once in the inbox for as long as its condition lasts, and closes by itself. Notifications of this
        computer come in the desktop program only; they and webhooks hold counts and names of connections, nothing of clients.
      </p>
      {rules.failure && rules.data === undefined ? <FailureView failure={rules.failure} onRetry={rules.refetch} inline /> : null}
      {rules.data === undefined ? null : (
        <table className="table table--pane rules">
          <caption className="visually-hidden">Rules of alerts</caption>
          <thead>
            <tr>
              <th scope="col">On</th>
              <th scope="col">Told when</th>
              <th scope="col">Threshold</th>
              <th scope="col">Severity</th>
              <th scope="col">Notification</th>
              <th scope="col">Webhook</th>
              <th scope="col">
                <span className="visually-hidden">Save</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rules.data.items.map((rule) => (
              <RuleRow key={`${rule.rule} ${rule.version}`} rule={rule} mayEdit={mayEdit} />
            ))}
          </tbody>
        </table>
      )}
      {mayEdit ? <Destinations /> : <p className="quiet">Only an admin can change rules and see where messages go.</p>}
    </section>
  );
};
