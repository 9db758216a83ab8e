import { Monitor, Moon, Sun } from 'lucide-react';
import clsx from 'clsx';
import { useState } from 'react';
import { chooseTheme, readTheme, type ThemeChoice } from './theme';

const choices = [
  { value: 'light', label: 'Light', Icon: Sun },
  { value: 'dark', label: 'Dark', Icon: Moon },
  { value: 'system', label: 'System', Icon: Monitor },
] as const;

interface ThemeSwitchProps {
  name: string;
  onChoose?: (choice: ThemeChoice) => void;
}

export function ThemeSwitch({ name, onChoose }: ThemeSwitchProps) {
  const [theme, setTheme] = useState(readTheme);

  function choose(choice: ThemeChoice) {
    chooseTheme(choice);
    setTheme(choice);
    onChoose?.(choice);
  }

  return (
    <fieldset className="inline-flex rounded-full border border-line bg-surface p-0.5">
      <legend className="sr-only">Theme</legend>
      {choices.map(({ value, label, Icon }) => (
        <label
          key={value}
          title={label}
          className={clsx(
            'relative grid size-7 cursor-pointer place-items-center rounded-full has-focus-visible:outline-2 has-focus-visible:outline-accent',
            theme === value ? 'bg-sunken text-ink' : 'text-muted hover:text-ink',
          )}
        >
          <input
            type="radio"
            name={name}
            value={value}
            checked={theme === value}
            onChange={() => choose(value)}
            className="absolute inset-0 cursor-pointer appearance-none rounded-full outline-none"
          />
          <Icon aria-hidden className="pointer-events-none size-3.5" />
          <span className="sr-only">{label}</span>
        </label>
      ))}
    </fieldset>
  );
}
