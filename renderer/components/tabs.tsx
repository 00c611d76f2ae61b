import type { ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components';
import { formatCount } from '../format/amount.ts';
import './tabs.css';

export interface TabChoice {
  readonly id: string;
  readonly label: string;
  /** Shown beside the label when above zero. */
  readonly count?: number;
  readonly content: ReactNode;
}

/** A few views of one thing, one at a time. */
export const Tabs = ({
  label,
  value,
  onChange,
  tabs,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (id: string) => void;
  readonly tabs: readonly TabChoice[];
}) => (
  <AriaTabs className="tabs" selectedKey={value} onSelectionChange={(key) => onChange(String(key))}>
    <TabList className="tabs__list" aria-label={label}>
      {tabs.map((tab) => (
        <Tab key={tab.id} id={tab.id} className="tabs__tab">
          {tab.label}
          {tab.count === undefined || tab.count === 0 ? null : <span className="tabs__count">{formatCount(tab.count)}</span>}
        </Tab>
      ))}
    </TabList>
    {tabs.map((tab) => (
      <TabPanel key={tab.id} id={tab.id} className="tabs__panel">
        {tab.content}
      </TabPanel>
    ))}
  </AriaTabs>
);
