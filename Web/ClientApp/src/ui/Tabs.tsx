import clsx from 'clsx';
import { useEffect, useRef } from 'react';
import { NavLink, useLocation } from 'react-router';

interface TabsProps {
  label: string;
  tabs: { to: string; label: string; end?: boolean }[];
  /** Beside the content where there is room, above it where there is not; or always above. */
  side?: boolean;
}

/** Pages of one subject, each with an address of its own. */
export function Tabs({ label, tabs, side = false }: TabsProps) {
  const nav = useScrollToCurrent();
  return (
    <nav ref={nav} aria-label={label} className={clsx('relative -mx-2 flex gap-1 overflow-x-auto', side ? 'md:mx-0 md:flex-col' : 'mb-6 border-b border-line pb-2')}>
      {tabs.map(({ to, label: text, end }) => (
        <NavLink
          key={to}
          to={to}
          end={end}
          className={({ isActive }) =>
            clsx('rounded-[7px] px-3 py-1.5 whitespace-nowrap', isActive ? 'bg-sunken font-medium text-ink' : 'text-muted hover:text-ink')
          }
        >
          {text}
        </NavLink>
      ))}
    </nav>
  );
}

/** Where the tabs do not fit beside each other, the one that is shown is among those in view. */
function useScrollToCurrent() {
  const nav = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  useEffect(() => {
    const current = nav.current?.querySelector<HTMLElement>('[aria-current="page"]');
    if (!nav.current || !current) return;
    const hidden = current.offsetLeft + current.offsetWidth - nav.current.clientWidth;
    nav.current.scrollLeft = Math.max(0, hidden);
  }, [pathname]);
  return nav;
}
