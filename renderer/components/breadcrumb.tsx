import { ChevronRight } from 'lucide-react';
import { Link } from '../router/link.tsx';
import './breadcrumb.css';

export interface Crumb {
  readonly label: string;
  /** Absent on the last one. */
  readonly to?: string;
  readonly onPress?: () => void;
}

/** The way from the whole to what is shown. */
export const Breadcrumb = ({ crumbs, label }: { readonly crumbs: readonly Crumb[]; readonly label: string }) => (
  <nav aria-label={label} className="crumbs">
    <ol>
      {crumbs.map((crumb, index) => (
        <li key={`${index} ${crumb.label}`}>
          {index === 0 ? null : <ChevronRight size={12} aria-hidden />}
          {crumb.to === undefined ? (
            crumb.onPress ? (
              <button type="button" className="crumbs__button" onClick={crumb.onPress}>
                {crumb.label}
              </button>
            ) : (
              <span aria-current={index === crumbs.length - 1 ? 'location' : undefined}>{crumb.label}</span>
            )
          ) : (
            <Link to={crumb.to}>{crumb.label}</Link>
          )}
        </li>
      ))}
    </ol>
  </nav>
);
