import { FileWarning, Lock, Upload } from 'lucide-react';
import { useStore } from 'zustand';
import type { Failure } from '../../api/failure.ts';
import { useMay } from '../../app/roles.ts';
import { useRuntime } from '../../app/runtime.tsx';
import type { Screen } from '../../app/screen.ts';
import { Button } from '../../components/button.tsx';
import { Page } from '../../components/page.tsx';
import { Progress } from '../../components/progress.tsx';
import { RequestId } from '../../components/state-view.tsx';
import { DropZone } from './drop-zone.tsx';
import { ImportedNote } from './imported.tsx';
import { importSession } from './import-session.ts';
import { PastImports } from './past-imports.tsx';
import { Preview } from './preview.tsx';
import '../../components/pane-column.css';
import './import.css';

const REFUSED: Readonly<Partial<Record<Failure['code'], string>>> = {
  too_large: 'is too large',
  unreadable_file: 'could not be read',
  forbidden: 'was not read',
  offline: 'could not be checked',
};

const Refused = ({
  fileName,
  failure,
  onDismiss,
}: {
  readonly fileName: string;
  readonly failure: Failure;
  readonly onDismiss: () => void;
}) => (
  <section className="refused-file" role="alert">
    <FileWarning size={20} aria-hidden />
    <div>
      <h2>
        {fileName} {REFUSED[failure.code] ?? 'could not be checked'}
      </h2>
      <p>{failure.message}</p>
      <p>Nothing was imported; the book is as it was.</p>
      {failure.requestId === null ? null : (
        <p className="quiet">
          Quote this id when asking for help: <RequestId id={failure.requestId} />
        </p>
      )}
    </div>
    <Button onPress={onDismiss}>Dismiss</Button>
  </section>
);

const Working = ({
  words,
  fileName,
  share,
  onCancel,
}: {
  readonly words: string;
  readonly fileName: string;
  readonly share: number | null;
  readonly onCancel: () => void;
}) => (
  <section className="working" role="status">
    <Progress label={words} done={share === null ? 0 : Math.round(share * 100)} total={share === null ? null : 100} />
    <p>
      {words} <strong>{fileName}</strong>
    </p>
    <Button onPress={onCancel}>Cancel</Button>
  </section>
);

const Import = () => {
  const runtime = useRuntime();
  const session = importSession(runtime);
  const now = useStore(session.store);
  const may = useMay('analyst');
  const online = useStore(runtime.connectivity.store, (state) => state.online);

  if (now.stage === 'preview') {
    return (
      <Page title="Import" fill>
        <Preview key={now.preview.previewId} preview={now.preview} session={session} />
      </Page>
    );
  }
  const takes = now.stage === 'none' || now.stage === 'refused';
  return (
    <Page title="Import">
      <div className="import">
        {now.stage === 'reading' ? (
          <Working words="Reading" fileName={now.fileName} share={now.share} onCancel={session.letGo} />
        ) : null}
        {now.stage === 'checking' ? (
          <Working words="Comparing with the book:" fileName={now.fileName} share={null} onCancel={session.letGo} />
        ) : null}
        {now.stage === 'refused' ? <Refused fileName={now.fileName} failure={now.failure} onDismiss={session.letGo} /> : null}
        {now.stage === 'imported' ? <ImportedNote preview={now.preview} result={now.result} onDone={session.letGo} /> : null}
        {takes && may && online ? <DropZone onFile={(file) => void session.take(file)} /> : null}
        {takes && online && !may ? (
          <p className="import__locked">
            <Lock size={14} aria-hidden /> Your role can look at imports but not import. An analyst can.
          </p>
        ) : null}
        <PastImports may={may && online} />
      </div>
    </Page>
  );
};

export const importScreen: Screen = { id: 'import', path: '/import', title: 'Import', icon: Upload, key: 'i', component: Import };
