import { Bell, BellRing } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useQuery } from '../../api/use-query.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { counted, formatCount } from '../../format/amount.ts';
import { Link } from '../../router/link.tsx';

/** How many alerts wait for somebody, on every screen; a new critical one is said once, without taking the focus. */
export const AlertBell = () => {
  const { toasts, router } = useRuntime();
  const { data } = useQuery('alerts.summary', {});
  // What stood when the window opened is in the count; only what comes after is news.
  const known = useRef<Set<string> | null>(null);
  useEffect(() => {
    if (data === undefined) return;
    const seen = known.current;
    const fresh = seen === null ? [] : data.newest.filter(({ id }) => !seen.has(id));
    known.current = new Set([...(seen ?? []), ...data.newest.map(({ id }) => id)]);
    for (const { id, title } of fresh.toReversed())
      toasts.show({ kind: 'alert', text: title, action: { label: 'Open the alert', run: () => router.go(`/alerts?id=${id}`) } });
  }, [data, toasts, router]);

  const open = data?.open ?? 0;
  const critical = data?.critical ?? 0;
  const words =
    open === 0
      ? 'Alerts, none waiting'
      : `Alerts, ${formatCount(open)} waiting${critical === 0 ? '' : `, ${counted(critical, 'critical one')}`}`;
  const Icon = open === 0 ? Bell : BellRing;
  return (
    <Link to="/alerts" className={critical === 0 ? 'bell' : 'bell bell--critical'} label={words}>
      <span className="bell__mark" title={words}>
        <Icon size={16} strokeWidth={1.75} aria-hidden />
      </span>
      {open === 0 ? null : <span className="bell__count num">{open > 99 ? '99+' : open}</span>}
    </Link>
  );
};
