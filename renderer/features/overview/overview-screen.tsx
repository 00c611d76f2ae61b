import { LayoutDashboard } from 'lucide-react';
import type { Screen } from '../../app/screens.ts';
import { Page } from '../../components/page.tsx';

const Overview = () => <Page title="Overview">{null}</Page>;

export const overviewScreen: Screen = { id: 'overview', path: '/overview', title: 'Overview', icon: LayoutDashboard, key: 'o', component: Overview };
