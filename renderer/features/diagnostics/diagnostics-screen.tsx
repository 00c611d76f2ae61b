import { LifeBuoy, Lock, PackageOpen } from 'lucide-react';
import { useState } from 'react';
import type { Output } from '../../../shared/contract/index.ts';
import { useCommand } from '../../api/use-command.ts';
import { useMay } from '../../app/roles.ts';
import { useRuntime } from '../../app/runtime.tsx';
import type { Screen } from '../../app/screen.ts';
import { Breadcrumb } from '../../components/breadcrumb.tsx';
import { Button } from '../../components/button.tsx';
import { ChoiceList } from '../../components/choice-list.tsx';
import { Page } from '../../components/page.tsx';
import { saveFile } from '../../components/save-file.ts';
import { FailureNote, StateView } from '../../components/state-view.tsx';
import { counted, formatCount } from '../../format/amount.ts';
import './diagnostics.css';

type Bundle = Output<'diagnostics.prepare'>;

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

const Files = ({ bundle }: { readonly bundle: Bundle }) => {
  const [name, setName] = useState(bundle.files[0]?.name ?? '');
  const shown = bundle.files.find((file) => file.name === name);
  return (
    <div className="bundle">
      <div className="bundle__files">
        <ChoiceList
          label="Files"
          value={name}
          choices={bundle.files.map((file) => ({
            value: file.name,
            label: file.name,
            detail: `${file.what}, ${counted(file.bytes, 'byte')}`,
          }))}
          onChange={setName}
        />
      </div>
      <div className="bundle__text">
        {shown === undefined ? null : (
          <>
            <h2>{shown.name}</h2>
            <textarea
              key={shown.name}
              className="payload mono bundle__content"
              readOnly
              spellCheck={false}
              wrap="off"
              aria-label={`Text of ${shown.name}`}
              value={shown.text === '' ? 'Nothing stands in this file.' : shown.text}
            />
          </>
        )}
      </div>
    </div>
  );
};

const Preparation = () => {
  const { toasts } = useRuntime();
  const [bundle, setBundle] = useState<Bundle | null>(null);
  const prepare = useCommand('diagnostics.prepare');
  const save = useCommand('diagnostics.save');

  const begin = async (): Promise<void> => {
    const result = await prepare.run({});
    if (result.ok) setBundle(result.value);
  };
  const take = async (): Promise<void> => {
    if (bundle === null) return;
    const result = await save.run({ bundleId: bundle.bundleId });
    if (!result.ok) return;
    const { fileName, contentType, content, bytes } = result.value;
    saveFile(fileName, contentType, [bytesOf(content)]);
    toasts.show({ kind: 'good', text: `${fileName} saved, ${formatCount(bytes)} bytes.` });
  };

  if (bundle === null)
    return (
      <StateView
        icon={<PackageOpen size={20} aria-hidden />}
        title="What a support desk needs, in one file"
        actions={
          <Button look="primary" onPress={() => void begin()} disabled={prepare.running}>
            {prepare.running ? 'Reading the book' : 'Prepare the bundle'}
          </Button>
        }
      >
        <p>
          Versions, settings, connections, operations, the integrity of the book and the newest lines of the log. Secrets are in
          none of them; names and numbers of clients, of the firm and of people are replaced.
        </p>
        <p>You see every file before anything is saved. On a large book, preparing takes a moment.</p>
        <FailureNote failure={prepare.failure} />
      </StateView>
    );
  return (
    <>
      <div className="bundle__head">
        <p className="secondary">
          These {formatCount(bundle.files.length)} files go into the archive exactly as they stand here. Read log.jsonl before you
          pass it on: parts of names and nicknames cannot be recognised.
        </p>
        <FailureNote failure={save.failure ?? prepare.failure} />
        <span className="bundle__actions">
          <Button onPress={() => void begin()} pending={prepare.running}>
            Prepare it again
          </Button>
          <Button look="primary" autoFocus onPress={() => void take()} pending={save.running}>
            Save the archive
          </Button>
        </span>
      </div>
      <Files key={bundle.bundleId} bundle={bundle} />
    </>
  );
};

const Diagnostics = () => (
  <Page
    title="Diagnostics"
    fill
    detail={<Breadcrumb label="Where this is" crumbs={[{ label: 'Settings', to: '/settings' }, { label: 'Diagnostics' }]} />}
  >
    {useMay('admin') ? (
      <Preparation />
    ) : (
      <StateView icon={<Lock size={20} aria-hidden />} title="Only an admin can prepare a diagnostic bundle">
        Ask an admin when a support desk wants one.
      </StateView>
    )}
  </Page>
);

export const diagnosticsScreen: Screen = {
  id: 'diagnostics',
  path: '/settings/diagnostics',
  title: 'Diagnostics',
  icon: LifeBuoy,
  under: '/settings',
  component: Diagnostics,
};
