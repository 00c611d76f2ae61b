import { BookOpen, Cable, FileText, Gavel, PencilLine } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Output } from '../../shared/contract/index.ts';
import { useRuntime } from '../app/runtime.tsx';
import { exactInstant, formatAgo } from '../format/time.ts';

type Origin = Output<'holdings.get'>['fields'][number]['provenance'];

const KIND: Readonly<Record<Origin['kind'], { readonly icon: ReactNode; readonly tone: string; readonly word: string }>> = {
  platform: { icon: <Cable size={12} aria-hidden />, tone: 'platform', word: 'from' },
  import: { icon: <FileText size={12} aria-hidden />, tone: 'platform', word: 'imported from' },
  decision: { icon: <Gavel size={12} aria-hidden />, tone: 'clearway', word: 'decided by' },
  edit: { icon: <PencilLine size={12} aria-hidden />, tone: 'clearway', word: 'edited by' },
  opening: { icon: <BookOpen size={12} aria-hidden />, tone: 'plain', word: 'from' },
};

/** Who or what said a value, and when. */
export const Provenance = ({ origin }: { readonly origin: Origin }) => {
  const { clock } = useRuntime();
  const { icon, tone, word } = KIND[origin.kind];
  return (
    <span
      className={`badge badge--${tone} secondary`}
      title={[origin.at === null ? null : exactInstant(origin.at), origin.note].filter(Boolean).join('\n')}
    >
      {icon}
      <span>
        {origin.kind === 'opening' ? (origin.note ?? 'Opening book') : `${word} ${origin.label}`}
        {origin.at === null ? null : <span className="quiet">, {formatAgo(origin.at, clock.now())}</span>}
        {origin.note === null || origin.kind === 'opening' ? null : <span className="quiet">: {origin.note}</span>}
      </span>
    </span>
  );
};
