import { Cable } from 'lucide-react';
import type { Screen } from '../../app/screens.ts';
import { Page } from '../../components/page.tsx';

const Connections = () => <Page title="Connections">{null}</Page>;

export const connectionsScreen: Screen = { id: 'connections', path: '/connections', title: 'Connections', icon: Cable, key: 'c', component: Connections };
