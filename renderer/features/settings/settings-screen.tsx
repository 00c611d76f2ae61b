import { Settings2 } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { useCommand } from '../../api/use-command.ts';
import { useQuery } from '../../api/use-query.ts';
import { useRuntime } from '../../app/runtime.tsx';
import type { Screen } from '../../app/screen.ts';
import { Button } from '../../components/button.tsx';
import { Checkbox, Segmented } from '../../components/field.tsx';
import { Page } from '../../components/page.tsx';
import { FailureNote, FailureView } from '../../components/state-view.tsx';
import { readTolerances, type ToleranceDraft, type Tolerances } from '../../components/tolerance-draft.ts';
import { ToleranceTable } from '../../components/tolerance-table.tsx';
import { Backups } from './backups.tsx';
import { AlertSettings } from '../alerts/alert-settings.tsx';
import { Link } from '../../router/link.tsx';
import { Secrets } from './secrets.tsx';
import './settings.css';

const Appearance = () => {
  const { preferences } = useRuntime();
  const state = useStore(preferences);
  return (
    <section className="settings__part">
      <h2>Appearance</h2>
      <div className="settings__row">
        <span>Theme</span>
        <Segmented
          label="Theme"
          value={state.theme}
          options={[
            { value: 'system', label: 'As the system' },
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
          ]}
          onChange={(theme) => preferences.setState({ theme })}
        />
      </div>
      <div className="settings__row">
        <span>Contrast</span>
        <Segmented
          label="Contrast"
          value={state.contrast}
          options={[
            { value: 'system', label: 'As the system' },
            { value: 'standard', label: 'Standard' },
            { value: 'more', label: 'More' },
          ]}
          onChange={(contrast) => preferences.setState({ contrast })}
        />
      </div>
      <div className="settings__row">
        <span>Row height</span>
        <Segmented
          label="Row height"
          value={state.density}
          options={[
            { value: 'compact', label: 'Compact' },
            { value: 'regular', label: 'Regular' },
            { value: 'comfortable', label: 'Comfortable' },
          ]}
          onChange={(density) => preferences.setState({ density })}
        />
      </div>
      <div className="settings__row">
        <span>Dates</span>
        <Segmented
          label="Dates"
          value={state.dates}
          options={[
            { value: 'iso', label: '2026-11-20' },
            { value: 'locale', label: 'As the system writes them' },
          ]}
          onChange={(dates) => preferences.setState({ dates })}
        />
      </div>
      <div className="settings__row">
        <span>Keyboard</span>
        <Checkbox checked={state.singleKeys} onChange={(singleKeys) => preferences.setState({ singleKeys })}>
          Shortcuts of single letters
        </Checkbox>
      </div>
    </section>
  );
};

const ToleranceForm = ({ tolerances, mayEdit }: { readonly tolerances: Tolerances; readonly mayEdit: boolean }) => {
  const { toasts } = useRuntime();
  const [draft, setDraft] = useState<ToleranceDraft>(tolerances);
  const update = useCommand('settings.update');
  const next = readTolerances(draft);
  const save = async (): Promise<void> => {
    if (next === null) return;
    const result = await update.run({ tolerances: next });
    if (result.ok) toasts.show({ kind: 'good', text: 'Tolerances saved. New conflicts and runs use them.' });
  };
  return (
    <>
      <ToleranceTable
        className="settings__table"
        draft={draft}
        wrong="Write a number of zero or more."
        disabled={!mayEdit}
        onChange={setDraft}
      />
      <FailureNote failure={update.failure} />
      {mayEdit ? (
        <Button look="primary" onPress={() => void save()} pending={update.running} disabled={next === null}>
          Save tolerances
        </Button>
      ) : (
        <p className="quiet">Only an admin can change tolerances.</p>
      )}
    </>
  );
};

const Settings = () => {
  const settings = useQuery('settings.get', {});
  const info = useQuery('app.info', {}).data;
  return (
    <Page title="Settings">
      <div className="settings">
        <Appearance />
        <section className="settings__part">
          <h2>Tolerances</h2>
          <p className="secondary">
            Two values agree when their difference is within the absolute or the relative bound, whichever is wider. 0.0001 as a
            fraction is 0.01 %.
          </p>
          {settings.failure && settings.data === undefined ? (
            <FailureView failure={settings.failure} onRetry={settings.refetch} inline />
          ) : null}
          {settings.data === undefined ? null : (
            <ToleranceForm
              key={JSON.stringify(settings.data.tolerances)}
              tolerances={settings.data.tolerances}
              mayEdit={info?.user.role === 'admin'}
            />
          )}
        </section>
        <Backups mayRestore={info?.user.role === 'admin'} />
        <AlertSettings mayEdit={info?.user.role === 'admin'} />
        <Secrets mayRenew={info?.user.role === 'admin'} />
        {info?.user.role === 'admin' ? (
          <section className="settings__part">
            <h2>Logs and diagnostics</h2>
            <p className="secondary">
              <Link to="/settings/logs">Logs</Link> say what the program did and why something failed.{' '}
              <Link to="/settings/diagnostics">Diagnostics</Link> puts together what a support desk needs, without secrets or
              names.
            </p>
          </section>
        ) : null}
        {info === undefined ? null : (
          <section className="settings__part">
            <h2>About</h2>
            <dl className="facts">
              <dt>Firm</dt>
              <dd>{info.firm}</dd>
              <dt>Version</dt>
              <dd>{info.version}</dd>
              <dt>Signed in as</dt>
              <dd>
                {info.user.name}, {info.user.role}
              </dd>
            </dl>
          </section>
        )}
      </div>
    </Page>
  );
};

export const settingsScreen: Screen = {
  id: 'settings',
  path: '/settings',
  title: 'Settings',
  icon: Settings2,
  key: ',',
  component: Settings,
  foot: true,
};
