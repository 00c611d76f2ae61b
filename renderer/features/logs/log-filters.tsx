import { X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useRuntime } from '../../app/runtime.tsx';
import { SearchField, Segmented, Select } from '../../components/field.tsx';
import type { LogLevel, LogQuestion, Span } from './question.ts';

const SEARCH_AFTER_MS = 250;

const LEVELS: readonly { readonly value: LogLevel; readonly label: string }[] = [
  { value: 'debug', label: 'Everything' },
  { value: 'info', label: 'Info and above' },
  { value: 'warn', label: 'Warnings and errors' },
  { value: 'error', label: 'Errors' },
];
const SPAN_OPTIONS: readonly { readonly value: Span; readonly label: string }[] = [
  { value: 'any', label: 'As far back as kept' },
  { value: 'hour', label: 'Last hour' },
  { value: 'day', label: 'Last 24 hours' },
  { value: 'week', label: 'Last 7 days' },
];
const CHIPS = [
  ['operation', 'Sync'],
  ['request', 'Call'],
  ['user', 'Who'],
] as const;

/** What is asked of the log. All of it stands in the address, so that a link shows the same lines. */
export const LogFilters = ({ question }: { readonly question: LogQuestion }) => {
  const { router, clock } = useRuntime();
  const [text, setText] = useState(question.text);
  useEffect(() => setText(question.text), [question.text]);
  const cancel = useRef<() => void>(() => undefined);
  const search = (next: string): void => {
    setText(next);
    cancel.current();
    const ask = (): void => router.set({ text: next.trim() === '' ? null : next.trim(), id: null }, { replace: true });
    cancel.current = clock.after(next === '' ? 0 : SEARCH_AFTER_MS, ask);
  };
  useEffect(() => () => cancel.current(), []);
  const chips = CHIPS.flatMap(([name, word]) => {
    const value = question[name];
    return value === null ? [] : [{ name, words: `${word} ${value}` }];
  });
  return (
    <>
      <Segmented
        label="Level"
        value={question.level}
        options={LEVELS}
        onChange={(level) => router.set({ level, id: null }, { replace: true })}
      />
      <SearchField label="Search the log" value={text} onChange={search} />
      <div className="log__span">
        <Select
          label="How far back"
          labelHidden
          value={question.span}
          options={SPAN_OPTIONS}
          onChange={(span) => router.set({ span: span === 'any' ? null : span, id: null }, { replace: true })}
        />
      </div>
      {chips.length === 0 ? null : (
        <ul className="chips" aria-label="Filters in force">
          {chips.map(({ name, words }) => (
            <li key={name} className="chip">
              <span className="chip__text">{words}</span>
              <button
                type="button"
                className="chip__remove"
                aria-label={`Remove filter: ${words}`}
                onClick={() => router.set({ [name]: null, id: null })}
              >
                <X size={12} aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
};
