import { Segmented, TextField } from '../../../components/field.tsx';
import { BrowserSignIn } from '../browser-sign-in.tsx';
import { CredentialFields, type PlatformFacts } from '../credential-fields.tsx';
import { browserBegin, isAddress, reachSettings, type Draft } from './draft.ts';
import { platformGuide } from './platform-guide.ts';

/** Where the platform is and how to sign in to it, with what to ask for and where each value is found. */
export const SignInStep = ({
  facts,
  draft,
  change,
}: {
  readonly facts: PlatformFacts;
  readonly draft: Draft;
  readonly change: (change: Partial<Draft>) => void;
}) => {
  const guide = platformGuide(facts.platform);
  const browser = draft.way === 'browser' ? facts.browserSignIn : null;
  const { required, optional } = reachSettings(facts);
  return (
    <div className="wizard__columns">
      <div className="form">
        <TextField
          label="Address"
          value={draft.baseUrl}
          onChange={(baseUrl) => change({ baseUrl })}
          required
          inputMode="url"
          mono
          error={isAddress(draft.baseUrl) ? undefined : 'Write an address that begins with https://.'}
        />
        {facts.browserSignIn === null ? null : (
          <Segmented
            label="How to sign in"
            value={draft.way}
            options={[
              { value: 'key', label: 'Enter credentials' },
              { value: 'browser', label: 'Sign in with the browser' },
            ]}
            onChange={(way) => change({ way, signInId: null })}
          />
        )}
        {browser === null ? (
          <CredentialFields
            fields={facts.credentials}
            values={draft.credentials}
            onChange={(credentials) => change({ credentials })}
          />
        ) : (
          <CredentialFields fields={browser.credentials} values={draft.partner} onChange={(partner) => change({ partner })} />
        )}
        <CredentialFields fields={required} values={draft.settings} onChange={(settings) => change({ settings })} />
        {browser === null ? null : (
          <BrowserSignIn
            key={facts.platform}
            begin={browserBegin(facts, draft)}
            finishedId={draft.signInId}
            onSignedIn={(signInId) => change({ signInId })}
            verb="Begin sign-in"
          />
        )}
        {optional.length === 0 && browser === null ? null : (
          <details className="more">
            <summary>Facts whose default can stay</summary>
            <div className="form">
              <p className="secondary">The platform’s documents leave these open. Each names its default.</p>
              <CredentialFields fields={optional} values={draft.settings} onChange={(settings) => change({ settings })} />
              {browser === null ? null : (
                <CredentialFields
                  fields={browser.settings}
                  values={draft.addresses}
                  onChange={(addresses) => change({ addresses })}
                />
              )}
            </div>
          </details>
        )}
      </div>
      {guide === null ? null : (
        <section className="guide" aria-label={`Help for ${facts.name}`}>
          <h4>What to ask for</h4>
          <p>{guide.ask}</p>
          <h4>Where it is found</h4>
          <ul>
            {guide.found.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
          <h4>What happens to it</h4>
          <p>Secrets are encrypted on this machine, sent to the platform alone and never shown again.</p>
        </section>
      )}
    </div>
  );
};
