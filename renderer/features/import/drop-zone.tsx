import { FileUp } from 'lucide-react';
import { useRef, useState, type ChangeEvent, type DragEvent } from 'react';
import { useRuntime } from '../../app/runtime.tsx';

const carriesFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files');

/** Takes a custodian file: dropped on it, or chosen with the button inside. */
export const DropZone = ({ onFile, compact = false }: { readonly onFile: (file: File) => void; readonly compact?: boolean }) => {
  const { toasts } = useRuntime();
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const takeFirst = (files: FileList | null): void => {
    const first = files?.[0];
    if (!first) return;
    if ((files?.length ?? 0) > 1)
      toasts.show({ text: `One file at a time: ${first.name} was taken. Bring the others when it is imported.` });
    onFile(first);
  };
  const onChange = (event: ChangeEvent<HTMLInputElement>): void => {
    takeFirst(event.target.files);
    // The same file may be chosen again after it was corrected.
    event.target.value = '';
  };
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    takeFirst(event.dataTransfer.files);
  };
  const onDragOver = (event: DragEvent): void => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    setOver(true);
  };
  return (
    <div
      className={compact ? 'drop drop--compact' : 'drop'}
      data-over={over}
      onDragOver={onDragOver}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <FileUp size={compact ? 18 : 24} strokeWidth={1.5} aria-hidden />
      <div className="drop__text">
        <p className="drop__title">{over ? 'Let go to read the file' : 'Drop a custodian file here'}</p>
        <p className="secondary">OFX or QFX, up to 20 MB. You see what it would change before anything is written.</p>
      </div>
      <label className="drop__choose">
        <input
          ref={input}
          type="file"
          className="visually-hidden"
          accept=".ofx,.qfx,.OFX,.QFX,application/x-ofx,application/vnd.intu.qfx"
          onChange={onChange}
        />
        Choose a file
      </label>
    </div>
  );
};
