import { ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { buttonStyle } from './buttonStyle';
import { useDisclosure } from './useDisclosure';

interface ActionMenuProps {
  label: ReactNode;
  busy?: boolean;
  actions: { label: string; text?: string; onChoose: () => void }[];
}

/** One button for what can be done in several ways. */
export function ActionMenu({ label, busy = false, actions }: ActionMenuProps) {
  const { open, setOpen, panel, box, trigger, onKeyDown } = useDisclosure();
  return (
    <div ref={box} className="relative" onKeyDown={onKeyDown}>
      <button
        ref={trigger}
        type="button"
        aria-expanded={open}
        aria-controls={panel}
        aria-disabled={busy}
        className={buttonStyle('secondary')}
        onClick={() => {
          if (!busy) setOpen(!open);
        }}
      >
        {label} <ChevronDown aria-hidden className="size-4" />
      </button>
      <ul id={panel} hidden={!open} className="panel absolute top-full left-0 z-10 mt-1 w-72 max-w-[calc(100vw-2rem)] p-1.5 shadow-raised lg:right-0 lg:left-auto">
        {actions.map((action) => (
          <li key={action.label}>
            <button
              type="button"
              className="w-full rounded-[7px] px-2.5 py-1.5 text-left hover:bg-sunken"
              onClick={() => {
                setOpen(false);
                trigger.current?.focus();
                action.onChoose();
              }}
            >
              <span className="block font-medium">{action.label}</span>
              {action.text && <span className="block text-[0.8125rem] text-muted">{action.text}</span>}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
