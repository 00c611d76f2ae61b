import { Check } from 'lucide-react';
import { STEPS, type StepId } from './draft.ts';

/** Where the person is among the steps; earlier ones can be gone back to. */
export const Trail = ({
  step,
  open,
  onGo,
}: {
  readonly step: StepId;
  readonly open: ReadonlySet<StepId>;
  readonly onGo: (step: StepId) => void;
}) => {
  const at = STEPS.findIndex(({ id }) => id === step);
  return (
    <nav aria-label="Steps">
      <ol className="trail">
        {STEPS.map(({ id, label }, index) => (
          <li key={id} className="trail__step" data-state={index < at ? 'done' : index === at ? 'now' : 'ahead'}>
            <button
              type="button"
              className="trail__go"
              aria-current={index === at ? 'step' : undefined}
              disabled={index !== at && !open.has(id)}
              onClick={() => onGo(id)}
            >
              <span className="trail__mark" aria-hidden>
                {index < at ? <Check size={12} strokeWidth={3} /> : index + 1}
              </span>
              {label}
              {index < at ? <span className="visually-hidden">, done</span> : null}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
};
