import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import '../theme/tokens.css';
import '../theme/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nProvider } from 'react-aria-components';
import { registerGridModules } from '../grid/modules.ts';
import { followTheme } from '../theme/theme.ts';
import { ErrorFence } from './error-fence.tsx';
import type { Session } from '../api/session.ts';
import { Frame } from './frame.tsx';
import { Gate } from './gate.tsx';
import { RuntimeProvider, type Runtime } from './runtime.tsx';

export interface MountOptions {
  /** Present where a person has to sign in first. */
  readonly session: Session | null;
  /** Adds the grid's own checks. */
  readonly development: boolean;
}

/** Puts the workstation on the page. */
export const mount = (root: HTMLElement, runtime: Runtime, { session, development }: MountOptions): void => {
  registerGridModules(development);
  followTheme(runtime.preferences, window);
  createRoot(root).render(
    <StrictMode>
      <I18nProvider locale="en-US">
        <RuntimeProvider runtime={runtime}>
          <ErrorFence>{session === null ? <Frame /> : <Gate session={session} />}</ErrorFence>
        </RuntimeProvider>
      </I18nProvider>
    </StrictMode>,
  );
};

/** The nonce of this page load, from its head. */
export const pageNonce = (): string => document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
