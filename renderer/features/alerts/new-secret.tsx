/** A secret, shown this once. */
export const NewSecret = ({ secret }: { readonly secret: string }) => (
  <div role="status" className="destination__secret">
    <p>Give this secret to the receiver, which checks the messages with it. It is shown once and cannot be shown again.</p>
    <p>
      <code className="mono">{secret}</code>
    </p>
  </div>
);
