import { useState } from 'react';
import type { AlertRuleSettings } from '../../../shared/contract/alerts.ts';
import { SEVERITIES } from '../../../shared/contract/conflicts.ts';
import { THRESHOLD_BOUNDS } from '../../../shared/model/alert.ts';
import { useCommand } from '../../api/use-command.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { Button } from '../../components/button.tsx';
import { Checkbox, Select, TextField } from '../../components/field.tsx';
import { FailureNote } from '../../components/state-view.tsx';
import { formatCount } from '../../format/amount.ts';
import { ALERT_RULE_NAME, SEVERITY_NAME } from '../../format/words.ts';
import { RULE_WORDS } from './rule-words.ts';

const SEVERITY_OPTIONS = SEVERITIES.map((value) => ({ value, label: SEVERITY_NAME[value] }));

/** One rule as a row of the table: whether it is on, from when, how severe, who is told. Saved row by row. */
export const RuleRow = ({ rule: stored, mayEdit }: { readonly rule: AlertRuleSettings; readonly mayEdit: boolean }) => {
  const { toasts } = useRuntime();
  const [draft, setDraft] = useState(stored);
  const [threshold, setThreshold] = useState(stored.threshold === null ? '' : String(stored.threshold));
  const update = useCommand('alerts.updateRule');
  const bounds = THRESHOLD_BOUNDS[stored.rule];
  const name = ALERT_RULE_NAME[stored.rule];
  const typed = /^\d{1,7}$/.test(threshold.trim()) ? Number(threshold.trim()) : null;
  const fits = bounds === null || (typed !== null && typed >= bounds.least && typed <= bounds.most);
  const next = { ...draft, threshold: bounds === null ? null : typed };
  const changed = JSON.stringify(next) !== JSON.stringify(stored);
  const save = async (): Promise<void> => {
    const { rule, enabled, severity, bySystem, byWebhook } = next;
    const result = await update.run({
      rule,
      enabled,
      severity,
      bySystem,
      byWebhook,
      threshold: next.threshold,
      expectedVersion: stored.version,
    });
    if (result.ok) toasts.show({ kind: 'good', text: `Saved: ${name.toLowerCase()}.` });
  };
  return (
    <tr>
      <td>
        <Checkbox
          checked={draft.enabled}
          disabled={!mayEdit}
          onChange={(enabled) => setDraft({ ...draft, enabled })}
          label={`${name}, on`}
        />
      </td>
      <th scope="row">
        <span className="rule__name">{name}</span>
        <span className="secondary rule__sentence">{RULE_WORDS[stored.rule].sentence}</span>
        <FailureNote failure={update.failure} />
      </th>
      <td className="rule__threshold">
        {bounds === null ? null : (
          <>
            <TextField
              label={`${name}, ${RULE_WORDS[stored.rule].unit}`}
              labelHidden
              required
              value={threshold}
              onChange={setThreshold}
              inputMode="numeric"
              disabled={!mayEdit}
              error={fits ? undefined : `${formatCount(bounds.least)} to ${formatCount(bounds.most)}`}
            />
            <span className="secondary">{RULE_WORDS[stored.rule].unit}</span>
          </>
        )}
      </td>
      <td>
        <Select
          label={`${name}, severity`}
          labelHidden
          value={draft.severity}
          options={SEVERITY_OPTIONS}
          disabled={!mayEdit}
          onChange={(value) =>
            setDraft({ ...draft, severity: SEVERITIES.find((severity) => severity === value) ?? draft.severity })
          }
        />
      </td>
      <td>
        <Checkbox
          checked={draft.bySystem}
          disabled={!mayEdit}
          onChange={(bySystem) => setDraft({ ...draft, bySystem })}
          label={`${name}, by notification`}
        />
      </td>
      <td>
        <Checkbox
          checked={draft.byWebhook}
          disabled={!mayEdit}
          onChange={(byWebhook) => setDraft({ ...draft, byWebhook })}
          label={`${name}, by webhook`}
        />
      </td>
      <td className="rule__save">
        {changed && mayEdit ? (
          <Button
            look="primary"
            label={`Save ${name.toLowerCase()}`}
            onPress={() => void save()}
            pending={update.running}
            disabled={!fits}
          >
            Save
          </Button>
        ) : null}
      </td>
    </tr>
  );
};
