import { FileText, UserRound } from 'lucide-react';
import type { Connection } from '../../../shared/contract/connections.ts';
import type { Output } from '../../../shared/contract/index.ts';
import { useCommand } from '../../api/use-command.ts';
import { useQuery } from '../../api/use-query.ts';
import { useMay } from '../../app/roles.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { Button } from '../../components/button.tsx';
import { FailureNote, FailureView, Skeleton, StateView, useSlow } from '../../components/state-view.tsx';
import { counted } from '../../format/amount.ts';
import { LinkOther } from './link-other.tsx';

type Item = Output<'connections.unlinked'>['items'][number];

const UnlinkedItem = ({
  connection,
  item,
  mayLink,
}: {
  readonly connection: Connection;
  readonly item: Item;
  readonly mayLink: boolean;
}) => {
  const { toasts } = useRuntime();
  const link = useCommand('connections.link');
  const tie = async (target: { readonly id: string; readonly label: string } | null): Promise<void> => {
    const result = await link.run({
      id: connection.id,
      kind: item.kind,
      externalId: item.externalId,
      ...(target === null ? {} : { targetId: target.id }),
    });
    if (result.ok)
      toasts.show({
        kind: 'good',
        text: target === null ? `${item.label} is new in the book.` : `${item.label} is linked to ${target.label}.`,
      });
  };
  return (
    <li className="unlinked__item">
      <p className="unlinked__name">
        {item.kind === 'account' ? <UserRound size={14} aria-label="Account" /> : <FileText size={14} aria-label="Security" />}
        <strong>{item.label}</strong>
        <span className="quiet">{counted(item.positions, 'position')}</span>
      </p>
      <p className="secondary">
        {item.detail}. {item.reason}
      </p>
      {mayLink ? (
        <ul className="unlinked__choices">
          {item.suggestions.map((suggestion) => (
            <li key={suggestion.id} className="unlinked__choice">
              <span>
                {suggestion.label} <span className="quiet">{suggestion.reason}</span>
              </span>
              <Button
                onPress={() => void tie(suggestion)}
                pending={link.running}
                label={`Link ${item.label} to ${suggestion.label}`}
              >
                Link
              </Button>
            </li>
          ))}
          <li className="unlinked__choice">
            <LinkOther kind={item.kind} name={item.label} onChoose={(target) => void tie(target)} />
            <Button onPress={() => void tie(null)} pending={link.running} label={`Make a new ${item.kind} for ${item.label}`}>
              Make a new {item.kind}
            </Button>
          </li>
        </ul>
      ) : null}
      <FailureNote failure={link.failure} />
    </li>
  );
};

/** Accounts and securities that are not tied to the book: suggestions wait for a person, nothing is merged on a guess. */
export const Unlinked = ({ connection }: { readonly connection: Connection }) => {
  const query = useQuery('connections.unlinked', { id: connection.id });
  const mayLink = useMay('analyst');
  const slow = useSlow(query.data === undefined && query.failure === null);
  if (query.data === undefined) {
    if (query.failure) return <FailureView failure={query.failure} onRetry={query.refetch} inline />;
    return slow ? (
      <div className="pane__section">
        <Skeleton lines={6} />
      </div>
    ) : null;
  }
  if (query.data.items.length === 0)
    return (
      <StateView title="Everything is linked" inline>
        Every account and security of {connection.name} is tied to the book.
      </StateView>
    );
  return (
    <div className="pane__section">
      <p className="secondary">
        Positions of these wait outside the book until a person says what they belong to. A link is remembered for every later
        sync.
      </p>
      <ul className="unlinked">
        {query.data.items.map((item) => (
          <UnlinkedItem key={`${item.kind} ${item.externalId}`} connection={connection} item={item} mayLink={mayLink} />
        ))}
      </ul>
    </div>
  );
};
